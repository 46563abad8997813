package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
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
import dev.leasehold.testkit.time.ManualClock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real custodian in this process, reached without HTTP: its services, its one writer, its
 * database and anchor on files. It can be killed and started again on the same files.
 */
public final class Node implements Front {
  private final Path folder;
  private final ManualClock clock;
  private final SeededRandom random;
  private @Nullable Office office;
  private @Nullable Moment deadly;
  private boolean crashed;
  private long synced;
  private long surviving;

  /** What a writer dies of. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(Moment moment) {
      super(moment.name(), null, false, false);
    }
  }

  /** A custodian on its own copy of the template, running. */
  public Node(Path folder, ManualClock clock, long seed) {
    this.folder = folder;
    this.clock = clock;
    this.random = new SeededRandom(seed);
    try {
      Template.shared().copyTo(folder);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    start();
  }

  public Path folder() {
    return folder;
  }

  public boolean isUp() {
    return office != null;
  }

  /** Starts on what the files say. */
  public void start() {
    if (office != null) {
      return;
    }
    try {
      office =
          Office.open(
              Template.config(folder),
              Template.shared().amd().anchors(),
              Instruments.of(clock).with(random).with(this::at));
      synced = size();
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the process between two requests. */
  public void kill() {
    deadly = null;
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

  /** It will live. */
  public void spare() {
    deadly = null;
  }

  private void at(Moment moment) {
    if (moment == Moment.AFTER_ANCHOR_SYNC) {
      synced = size();
    }
    if (moment == deadly) {
      deadly = null;
      crashed = true;
      throw new Crash(moment);
    }
  }

  /** The process is gone, and with it what had not reached the disk. */
  private void bury() {
    kill();
    crashed = false;
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
    return Template.config(folder).anchor();
  }

  /** Lets the books' keeper look at the clock. */
  public void pass() {
    if (office != null) {
      office.keeper().pass();
      if (crashed) {
        bury();
      }
    }
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
    if (crashed) {
      bury();
      return Answer.NOTHING;
    }
    return answer;
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
