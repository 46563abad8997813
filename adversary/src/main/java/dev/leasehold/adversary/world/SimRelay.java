package dev.leasehold.adversary.world;

import dev.leasehold.borrower.books.Alarm;
import dev.leasehold.borrower.books.Books;
import dev.leasehold.borrower.books.Statement;
import dev.leasehold.borrower.carry.Archive;
import dev.leasehold.borrower.carry.LogWatch;
import dev.leasehold.borrower.carry.Message;
import dev.leasehold.borrower.evidence.EvidenceExport;
import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.borrower.journal.Entry.Direction;
import dev.leasehold.borrower.journal.Journal;
import dev.leasehold.borrower.journal.JournalFailed;
import dev.leasehold.core.audit.Auditor;
import dev.leasehold.core.audit.BundleReader;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.testkit.time.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A real relay's journal, books and watch over the log, without its sockets, threads and retries.
 * It stands where every wire meets the custodian, so that nothing happens of which it might know
 * nothing. What it holds back, the host sends all the same, past it.
 */
public final class SimRelay implements AutoCloseable {
  private final Path folder;
  private final ManualClock clock;
  private final Archive archive;
  private final LogWatch watch;
  private final Supplier<Bundles.LeaseBundle> leases;
  private Bytes lastBundle = Bytes.EMPTY;

  /**
   * What the borrower can say of a lease.
   *
   * @param statement his books
   * @param rebuilt the books of a relay that is started on the same journal
   * @param alarms that the custodian's messages or his own enclaves' gave cause for
   * @param report an audit of the evidence he exports, and of consumers' receipts
   */
  public record Account(
      Statement statement, Statement rebuilt, List<Alarm> alarms, Report report) {}

  /**
   * A relay with an empty journal.
   *
   * @param folder for the journal; it must exist
   * @param leases the lease bundle as the custodian has it now
   * @param log asks the custodian's log
   */
  public SimRelay(
      Path folder, ManualClock clock, Supplier<Bundles.LeaseBundle> leases, LogWatch.Source log) {
    this.folder = folder;
    this.clock = clock;
    this.leases = leases;
    try {
      this.archive = Archive.open(journal(), People.LEASE_ID, clock);
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
    this.watch = new LogWatch(log, archive, clock, Duration.ZERO);
  }

  private Path journal() {
    return folder.resolve("journal.jsonl");
  }

  /** What somebody sends passes on its way to the custodian, and what comes back. */
  public Answer carry(Request request, Function<Request, Answer> custodian) {
    try {
      return switch (request.desk()) {
        case HELLO, CHALLENGE -> enrol(request, custodian);
        case EVIDENCE, HEARTBEAT, FINAL -> message(request, custodian);
        case COMMANDS -> commands(request, custodian);
        case ORDER, LEASE, PROOF, CONSISTENCY -> custodian.apply(request);
      };
    } catch (JournalFailed | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private Answer enrol(Request request, Function<Request, Answer> custodian)
      throws JournalFailed, Malformed {
    Entry.What what = what(request);
    archive.out(what, request.instance(), hello(request), utf8(request.body()));
    Answer answer = custodian.apply(request);
    Optional<Bundles.Enrolled> enrolled = answer.bundle(Bundles.Enrolled.class);
    if (enrolled.isPresent()) {
      keepLeases();
      byte[] challenge = enrolled.get().challenge().payload().toArray();
      Id instance = Statements.CHALLENGE.decode(challenge).instanceId();
      keep(what, Optional.of(instance), hello(request), answer);
    }
    return answer;
  }

  /** Empty where the host has made it unreadable, and where no hello is needed. */
  private static Optional<Hash> hello(Request request) {
    try {
      byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
      return Optional.of(Envelope.parse("hello", body).hash());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private void keepLeases() throws JournalFailed {
    Bytes now = Bytes.of(Bundle.write(Bundles.LeaseBundle.class, leases.get()));
    if (!now.equals(lastBundle)) {
      archive.in(Entry.What.BUNDLE, Optional.empty(), Optional.empty(), 200, now);
      lastBundle = now;
    }
  }

  /** Also keeps what the custodian said when it was asked again and said something else. */
  private Answer message(Request request, Function<Request, Answer> custodian)
      throws JournalFailed {
    Id instance = request.instance().orElseThrow();
    Optional<Message> admitted =
        archive.admit(what(request), instance, utf8(request.body()).toArray());
    if (admitted.isEmpty()) {
      return custodian.apply(request);
    }
    Message message = admitted.get();
    Optional<Bytes> stored = stored(message);
    if (stored.isEmpty()) {
      archive.outOnce(message);
    }
    Answer answer = custodian.apply(request);
    boolean waits = archive.sessions().isUnanswered(message);
    boolean isAnother = stored.isPresent() && !stored.equals(Optional.of(utf8(answer.body())));
    if (message.isSettledBy(onWire(answer)) && (waits || isAnother)) {
      keep(message.what(), request.instance(), Optional.of(message.hash()), answer);
    }
    if (message.what() == Entry.What.EVIDENCE && answer.isGood()) {
      keepLeases();
    }
    return answer;
  }

  private Optional<Bytes> stored(Message message) {
    return archive
        .sessions()
        .answer(message.instance(), message.hash())
        .map(dev.leasehold.borrower.carry.Answer::body);
  }

  private Answer commands(Request request, Function<Request, Answer> custodian)
      throws JournalFailed {
    Answer answer = custodian.apply(request);
    if (answer.bundle(Bundles.CommandsReply.class).isPresent()) {
      keep(Entry.What.COMMANDS, request.instance(), Optional.empty(), answer);
    }
    return answer;
  }

  private void keep(Entry.What what, Optional<Id> instance, Optional<Hash> request, Answer answer)
      throws JournalFailed {
    archive.in(what, instance, request, answer.status(), utf8(answer.body()));
  }

  /** Looks up in the log what must be in it. */
  public void watch() {
    try {
      watch.look();
    } catch (IOException e) {
      // Nobody answered: it looks again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What can be said now.
   *
   * @param receipts that consumers have shown him
   */
  public Account account(Hash approverSet, List<Envelope> receipts) {
    Books rebuilt = new Books(People.LEASE_ID);
    List<Alarm> alarms = new ArrayList<>();
    Path evidence = folder.resolve("evidence.jsonl");
    try {
      Journal.read(
          journal(),
          entry -> {
            List<Alarm> raised = rebuilt.observe(entry);
            // What was held back was the host's forgery, and went nowhere.
            if (entry.direction() != Direction.HELD) {
              alarms.addAll(raised);
            }
          });
      EvidenceExport.write(journal(), People.LEASE_ID, clock, evidence);
      try (InputStream in = Files.newInputStream(evidence)) {
        return new Account(
            archive.books().statement(clock.millis()),
            rebuilt.statement(clock.millis()),
            List.copyOf(alarms),
            audit(BundleReader.open(in), approverSet, receipts));
      }
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private static Report audit(BundleReader evidence, Hash approverSet, List<Envelope> receipts)
      throws IOException, Malformed {
    Auditor auditor = new Auditor(Scope.RELAY, Optional.of(approverSet));
    auditor.takeAll(evidence);
    long now = evidence.header().exportedAt();
    receipts.forEach(r -> auditor.take(r, now));
    return auditor.report(now);
  }

  @Override
  public void close() {
    try {
      archive.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Entry.What what(Request request) {
    return Entry.What.valueOf(request.desk().name());
  }

  /** As an answer comes over HTTP. */
  public static dev.leasehold.borrower.carry.Answer onWire(Answer answer) {
    String type =
        switch (answer.type()) {
          case BUNDLE -> dev.leasehold.borrower.carry.Answer.BUNDLE;
          case SIGNED -> dev.leasehold.borrower.carry.Answer.ENVELOPE;
          case UNSIGNED -> dev.leasehold.borrower.carry.Answer.PROBLEM;
        };
    return new dev.leasehold.borrower.carry.Answer(answer.status(), type, utf8(answer.body()));
  }

  private static Bytes utf8(String text) {
    return dev.leasehold.borrower.carry.Answer.utf8(text);
  }
}
