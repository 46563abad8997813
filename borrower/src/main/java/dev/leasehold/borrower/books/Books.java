package dev.leasehold.borrower.books;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The borrower's ledger as a fold over the journal: the same entries always give the same books, so
 * they are rebuilt at every start and never stored.
 */
public final class Books {
  private static final int KEPT_ALARMS = 200;

  private final Id leaseId;
  private final Map<Id, InstanceBook> instances = new LinkedHashMap<>();
  private final Deque<Alarm> alarms = new ArrayDeque<>();
  private final LogBook log = new LogBook();
  private long heardAt;
  private @Nullable Signed<Roster> roster;
  private @Nullable Signed<Lease> lease;

  public Books(Id leaseId) {
    this.leaseId = leaseId;
  }

  /** Takes one entry into account; returns the alarms it raises. */
  public synchronized List<Alarm> observe(Entry entry) {
    List<GrantCheck.Finding> findings = new ArrayList<>();
    try {
      switch (entry.direction()) {
        case OUT -> {
          waiting(entry, OptionalLong.of(entry.at()));
          sent(entry);
        }
        case IN -> {
          heardAt = entry.at();
          waiting(entry, OptionalLong.empty());
          received(entry, findings);
        }
        case HELD ->
            Outgoing.check(entry.what(), instance(entry).id, body(entry), this::keyOf, roster());
      }
    } catch (Malformed e) {
      findings.add(new GrantCheck.Finding(e.field(), e.expected(), e.found()));
    } catch (BadSignature e) {
      findings.add(
          new GrantCheck.Finding(
              name(entry) + ".signature", "a valid signature", String.valueOf(e.getMessage())));
    }
    List<Alarm> raised =
        findings.stream()
            .map(f -> new Alarm(entry.at(), entry.instance(), f.what(), f.expected(), f.found()))
            .toList();
    raised.forEach(this::keep);
    return raised;
  }

  /** The key an enclave of this lease signs with, once its evidence has passed here. */
  public synchronized Optional<KeyRecord> keyOf(Id instance) {
    InstanceBook book = instances.get(instance);
    return book == null || book.enrolment == null
        ? Optional.empty()
        : Optional.of(book.enrolment.body().ikRecord());
  }

  /** True once the custodian has closed this enclave's account. */
  public synchronized boolean isClosed(Id instance) {
    InstanceBook book = instances.get(instance);
    return book != null && book.closure != null;
  }

  public synchronized Optional<Roster> roster() {
    return Optional.ofNullable(roster).map(Signed::body);
  }

  /** The newest lease envelope that passed here. */
  public synchronized Optional<Signed<Lease>> lease() {
    return Optional.ofNullable(lease);
  }

  /** The grants that have not been found in the custodian's log yet, oldest first. */
  public synchronized List<LogBook.Awaited> awaitedInLog() {
    return log.awaited();
  }

  /** Two checkpoints of which it is not known yet whether one extends the other. */
  public synchronized Optional<LogBook.Link> unlinkedInLog() {
    return log.unlinked();
  }

  /** The newest checkpoint of the custodian's log that extends all before it, as it was signed. */
  public synchronized String checkpoint() {
    return log.note();
  }

  /** A signed refusal is an answer too; what is neither is asked for again, and not kept. */
  private void waiting(Entry e, OptionalLong since) {
    switch (e.what()) {
      case HEARTBEAT, FINAL -> instance(e).waitingSince = since;
      case HELLO, BUNDLE, CHALLENGE, EVIDENCE, COMMANDS, LOG_PROOF, LOG_CONSISTENCY -> {}
    }
  }

  /**
   * The account as it stands.
   *
   * @param now the relay's clock: who has waited for an answer longer than ttlMs meets silence
   */
  public synchronized Statement statement(long now) {
    List<Statement.InstanceLine> lines =
        instances.values().stream().map(InstanceBook::line).toList();
    Vec reserved = sum(lines, Statement.InstanceLine::allow);
    Vec proven = sum(lines, Statement.InstanceLine::used);
    return new Statement(
        leaseId,
        lease == null ? 0 : lease.body().version(),
        heardAt,
        lease == null ? Vec.ZERO : lease.body().budget(),
        reserved,
        proven,
        sum(lines, Statement.InstanceLine::refund),
        reserved.minusOrZero(proven),
        log.ref(),
        lines,
        Stream.concat(alarms.stream(), silence(now)).toList());
  }

  private Stream<Alarm> silence(long now) {
    long ttl = lease == null ? 0 : lease.body().ttlMs();
    return instances.values().stream()
        .filter(i -> now - i.waitingSince.orElse(now) > ttl)
        .map(i ->
            new Alarm(
                now,
                Optional.of(i.id),
                "silence",
                "an answer of the custodian within " + ttl + " ms",
                "none for " + (now - i.waitingSince.orElse(now)) + " ms"));
  }

  private void sent(Entry e) throws Malformed {
    switch (e.what()) {
      case EVIDENCE -> evidence(instance(e), parse(Bundles.EvidencePost.class, e).evidence());
      case HEARTBEAT ->
          instance(e)
              .say(
                  Said.of(Statements.HEARTBEAT, parse(Bundles.HeartbeatPost.class, e).heartbeat()));
      case FINAL ->
          instance(e).finalStatement =
              Said.of(Statements.FINAL, parse(Bundles.FinalPost.class, e).finalEnvelope());
      case HELLO, BUNDLE, CHALLENGE, COMMANDS, LOG_PROOF, LOG_CONSISTENCY -> {}
    }
  }

  private void received(Entry e, List<GrantCheck.Finding> findings) throws Malformed, BadSignature {
    if (e.what() == Entry.What.LOG_PROOF) {
      log.proof(e, known().log(), findings);
    } else if (e.what() == Entry.What.LOG_CONSISTENCY) {
      log.consistency(e, findings);
    } else if (e.isSuccess()) {
      heard(e, findings);
    }
  }

  private void heard(Entry e, List<GrantCheck.Finding> findings) throws Malformed, BadSignature {
    switch (e.what()) {
      case BUNDLE -> bundle(Bundle.parse(Bundles.LeaseBundle.class, body(e), body(e).length));
      case HELLO -> {
        Bundles.Enrolled enrolled = parse(Bundles.Enrolled.class, e);
        instance(e).challenge = enrolled.challenge().hash();
      }
      case EVIDENCE -> {
        Optional<Envelope> grant = parse(Bundles.EnrolmentReply.class, e).grant();
        if (grant.isPresent()) {
          granted(e, grant.get(), findings);
        }
      }
      case HEARTBEAT -> {
        Bundles.HeartbeatReply reply = parse(Bundles.HeartbeatReply.class, e);
        for (Envelope newer : reply.roster()) {
          roster = Quorum.roster(newer, known().approverSet());
        }
        for (Envelope newer : reply.lease()) {
          lease = Quorum.standing(Statements.LEASE, newer, known());
        }
        granted(e, reply.grant(), findings);
      }
      case FINAL -> closed(instance(e), parse(Bundles.FinalReply.class, e).closure(), findings);
      case CHALLENGE, COMMANDS, LOG_PROOF, LOG_CONSISTENCY -> {}
    }
  }

  /** The first roster is taken as the pinned server gives it; later ones keep its approvers. */
  private void bundle(Bundles.LeaseBundle bundle) throws Malformed, BadSignature {
    Hash approvers =
        roster == null
            ? Statements.ROSTER.decode(bundle.roster().payload().toArray()).approverSet()
            : roster.body().approverSet();
    Signed<Roster> newRoster = Quorum.roster(bundle.roster(), approvers);
    lease = Quorum.standing(Statements.LEASE, bundle.lease(), newRoster.body());
    roster = newRoster;
  }

  /** Later evidence renews the appraisal; the chain goes on from the first (protocol §6.2). */
  private static void evidence(InstanceBook book, Envelope envelope) throws Malformed {
    if (book.grant == null) {
      book.enrolment = Said.of(Statements.EVIDENCE, envelope);
    }
  }

  private void granted(Entry e, Envelope envelope, List<GrantCheck.Finding> findings)
      throws Malformed, BadSignature {
    InstanceBook book = instance(e);
    Signed<Grant> grant = Quorum.byGrantKey(Statements.GRANT, envelope, known(), Grant::issuedAt);
    if (book.first == null) {
      book.first = grant.hash();
    } else if (book.isBehind(grant)) {
      GrantCheck.sayAgain(book, grant, findings);
      return;
    }
    findings.addAll(GrantCheck.run(book, grant, lease == null ? null : lease.body()));
    book.grant = grant;
    log.expect(new LogBook.Awaited(book.id, grant, e.at()), findings);
  }

  private void closed(InstanceBook book, Envelope envelope, List<GrantCheck.Finding> findings)
      throws Malformed, BadSignature {
    Signed<Closure> closure =
        Quorum.byGrantKey(Statements.CLOSURE, envelope, known(), Closure::issuedAt);
    Said<Final> last = book.finalStatement;
    if (last == null || !closure.body().finalHash().equals(last.hash())) {
      findings.add(
          new GrantCheck.Finding(
              "closure.final",
              last == null ? "no closure without a final" : last.hash().hex(),
              closure.body().finalHash().hex()));
    } else if (!closure.body().used().equals(last.body().used())) {
      findings.add(
          new GrantCheck.Finding(
              "closure.used", last.body().used().toString(), closure.body().used().toString()));
    }
    Vec refund = book.allow().minusOrZero(closure.body().used());
    Vec given = closure.body().refund();
    if (book.mayMissAGrant() ? !refund.atMost(given) : !refund.equals(given)) {
      findings.add(new GrantCheck.Finding("closure.refund", refund.toString(), given.toString()));
    }
    book.closure = closure;
  }

  private Roster known() throws BadSignature {
    if (roster == null) {
      throw new BadSignature("no roster has passed here yet to check a grant key against");
    }
    return roster.body();
  }

  private InstanceBook instance(Entry e) {
    Id id = e.instance().orElseThrow(() -> new IllegalArgumentException(name(e) + " of nobody"));
    return instances.computeIfAbsent(id, InstanceBook::new);
  }

  private void keep(Alarm alarm) {
    if (alarms.size() == KEPT_ALARMS) {
      alarms.removeFirst();
    }
    alarms.addLast(alarm);
  }

  private static <B extends Record> B parse(Class<B> type, Entry e) throws Malformed {
    return Bundle.parse(type, body(e), Bundles.MAX_EVIDENCE_BYTES);
  }

  private static byte[] body(Entry e) {
    return e.body().toArray();
  }

  private static String name(Entry e) {
    return e.what().name().toLowerCase(Locale.ROOT);
  }

  private static Vec sum(
      List<Statement.InstanceLine> lines, Function<Statement.InstanceLine, Vec> part) {
    return Vec.sumOrMax(lines.stream().map(part));
  }
}
