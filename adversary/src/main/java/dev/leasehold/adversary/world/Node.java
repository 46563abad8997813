package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.InclusionProof;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.custodian.CustodianConfig;
import dev.leasehold.custodian.Instruments;
import dev.leasehold.custodian.Office;
import dev.leasehold.custodian.api.Problems;
import dev.leasehold.custodian.api.Reply;
import dev.leasehold.custodian.api.Server;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.standing.Registrar;
import dev.leasehold.custodian.store.CrashPoints.Moment;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.testkit.time.ManualClock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real custodian in this process, reached without HTTP: its services, its one writer, its
 * database and anchor on files. It can be killed and started again on the same files.
 */
public final class Node implements Front {
  private final String name;
  private final Path folder;
  private final CustodianConfig config;
  private final Anchors anchors;
  private final ManualClock clock;
  private final SeededRandom random;
  private @Nullable Office office;
  private @Nullable Moment deadly;
  private @Nullable Stall stall;
  private boolean standing;
  private @Nullable RuntimeException elsewhere;
  private boolean crashed;
  private long synced;
  private long surviving;

  /** Where it will stand still, and what happens then. */
  private record Stall(Moment moment, Runnable meanwhile) {}

  /** What a writer dies of. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(Moment moment) {
      super(moment.name(), null, false, false);
    }
  }

  /**
   * A node on its own copy of the template, running.
   *
   * @param ledger its own, or one that it shares
   */
  Node(
      String name,
      Path folder,
      LedgerDatabase ledger,
      Anchors anchors,
      ManualClock clock,
      SeededRandom random) {
    this.name = name;
    this.folder = folder;
    this.config = Template.config(folder, ledger);
    this.anchors = anchors;
    this.clock = clock;
    this.random = random;
    start();
  }

  public Path folder() {
    return folder;
  }

  public LedgerDatabase ledger() {
    return config.database();
  }

  public boolean isUp() {
    return office != null;
  }

  /** In the middle of a transaction, and not to be had for anything else. */
  boolean isStanding() {
    return standing;
  }

  /** Starts on what the files say. */
  public void start() {
    if (office != null) {
      return;
    }
    try {
      office = Office.open(config, anchors, Instruments.of(clock).with(random).with(this::at));
      synced = size();
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the process between two requests. */
  public void kill() {
    spare();
    if (office != null) {
      office.close();
      office = null;
    }
  }

  /**
   * Lets the process die within its next transaction.
   *
   * @param kept how many bytes of what was written and not synced survive, at most
   */
  public void killAt(Moment moment, long kept) {
    deadly = moment;
    surviving = kept;
  }

  /**
   * Lets the process stand still within its next transaction, as one does whose machine is frozen;
   * then it goes on as if nothing had happened.
   */
  public void stallAt(Moment moment, Runnable meanwhile) {
    stall = new Stall(moment, meanwhile);
  }

  /** It will live. */
  public void spare() {
    deadly = null;
    stall = null;
  }

  private void at(Moment moment) {
    if (moment == Moment.AFTER_ANCHOR_SYNC) {
      synced = size();
    }
    Stall now = stall;
    if (now != null && now.moment == moment) {
      stall = null;
      stand(now.meanwhile);
    }
    if (moment == deadly) {
      deadly = null;
      crashed = true;
      throw new Crash(moment);
    }
  }

  /** What goes wrong elsewhere meanwhile is no trouble of this node's writer. */
  private void stand(Runnable meanwhile) {
    standing = true;
    try {
      meanwhile.run();
    } catch (RuntimeException e) {
      elsewhere = e;
    } finally {
      standing = false;
    }
  }

  /** After anything was asked of it: tells what happened within. */
  private void settle() {
    RuntimeException trouble = elsewhere;
    if (trouble != null) {
      throw trouble;
    }
    if (crashed) {
      bury();
    }
  }

  /** The process is gone, and with it what had not reached the disk. */
  private void bury() {
    crashed = false;
    kill();
    try (FileChannel file = FileChannel.open(anchor(), StandardOpenOption.WRITE)) {
      file.truncate(Math.min(file.size(), synced + surviving));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private long size() {
    try {
      return Files.size(anchor());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path anchor() {
    return config.anchor();
  }

  /** Keeps the anchor as it is now, beside a copy of the ledger. */
  void keepAnchor(Path copy) throws IOException {
    Files.copy(anchor(), withAnchor(copy), StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Puts an older copy of its ledger in place while it is down.
   *
   * @param anchorToo whether the anchor of that time as well, which is then no witness
   */
  void restore(Path copy, boolean anchorToo) throws IOException {
    for (String log : List.of("-wal", "-shm")) {
      Files.deleteIfExists(Path.of(ledger() + log));
    }
    Files.copy(copy, Path.of(ledger().toString()), StandardCopyOption.REPLACE_EXISTING);
    if (anchorToo) {
      Files.copy(withAnchor(copy), anchor(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path withAnchor(Path copy) {
    return copy.resolveSibling("anchor.backup");
  }

  /** Lets the books' keeper look at the clock. */
  public void pass() {
    if (office != null) {
      try {
        office.keeper().pass();
      } catch (Rejected e) {
        // It cannot write just now; it will when time passes again.
      }
      settle();
    }
  }

  /**
   * Lets the log's keeper publish what waits.
   *
   * @return whether it could
   */
  public boolean publish() {
    if (office == null) {
      return false;
    }
    boolean published = true;
    try {
      office.logKeeper().sequence();
    } catch (Rejected e) {
      // It comes again.
      published = false;
    }
    settle();
    return published;
  }

  /** Why the custodian promises nothing any more; empty while it does. */
  public String frozen() {
    Office running = office;
    return running == null
        ? ""
        : running.store().read(tx -> running.services().freeze().reason(tx).orElse(""));
  }

  @Override
  public Answer answer(Request request) {
    Office running = office;
    if (running == null) {
      return Answer.NOTHING;
    }
    Answer answer;
    try {
      answer = new Answer(200, Answer.Type.BUNDLE, reply(running, request));
    } catch (Rejected e) {
      answer = refused(running.problems(), e);
    }
    settle();
    return isUp() ? answer : Answer.NOTHING;
  }

  @Override
  public String toString() {
    return name;
  }

  private static Answer refused(Problems problems, Rejected why) {
    Reply reply = problems.reply(why);
    boolean signed = reply.contentType().equals(Reply.ENVELOPE);
    return new Answer(
        reply.status(), signed ? Answer.Type.SIGNED : Answer.Type.UNSIGNED, reply.body());
  }

  private static String reply(Office office, Request request) throws Rejected {
    Server.Services services = office.services();
    byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
    return switch (request.desk()) {
      case HELLO ->
          Bundle.text(
              Bundles.Enrolled.class,
              services.hellos().hello(request.key(), envelope("hello", body)));
      case CHALLENGE ->
          Bundle.text(
              Bundles.Enrolled.class, services.hellos().again(request.instance().orElseThrow()));
      case EVIDENCE -> services.evidences().accept(request.instance().orElseThrow(), body);
      case HEARTBEAT -> services.heartbeats().accept(request.instance().orElseThrow(), body);
      case FINAL -> services.finals().accept(request.instance().orElseThrow(), body);
      case COMMANDS -> commands(office, request.instance().orElseThrow(), request.key());
      case ORDER -> services.orders().accept(envelope("order", body)).reply();
      case LEASE ->
          Bundle.text(
              Bundles.Registered.class,
              new Bundles.Registered(
                  services
                      .registrar()
                      .register(Registrar.Collection.LEASES, envelope("lease", body))
                      .hash()));
      case PROOF ->
          Bundle.text(InclusionProof.class, services.log().inclusion(new Hash(request.key())));
      case CONSISTENCY -> {
        String[] sizes = request.key().split("-", 2);
        yield Bundle.text(
            ConsistencyProof.class,
            services.log().consistency(Long.parseLong(sizes[0]), Long.parseLong(sizes[1])));
      }
    };
  }

  private static String commands(Office office, Id instance, String after) throws Rejected {
    List<Bundles.CommandItem> items =
        office
            .store()
            .look(tx -> {
              InstanceRow row =
                  tx.instances()
                      .find(instance)
                      .orElseThrow(() -> new Rejected(ProblemType.UNKNOWN, "instance " + instance));
              return Commands.after(tx, row.leaseId(), instance, Long.parseLong(after)).stream()
                  .map(Commands.Item::wire)
                  .toList();
            });
    return Bundle.text(Bundles.CommandsReply.class, new Bundles.CommandsReply(items));
  }

  private static Envelope envelope(String what, byte[] body) throws Rejected {
    try {
      return Envelope.parse(what, body);
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
  }
}
