package dev.leasehold.adversary;

import dev.leasehold.adversary.oracle.BorrowersView;
import dev.leasehold.adversary.oracle.Violation;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.adversary.world.SimEnclave.Phase;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.stream.InferRequest.Delivery;
import java.util.function.Consumer;

/**
 * The host gives up: everything that still lives is connected again, the lease is revoked, and it
 * must be possible to close every account. What never answers is written off.
 */
final class Epilogue {
  private static final int MOST_EXCHANGES = 25;

  /** For one that is in no book: it may say what it likes, and nobody closes it. */
  private static final int FEW_EXCHANGES = 3;

  private static final long ROUND_MS = 11_000;

  /** An enclave whose clock was set back has nothing to say until it is late again. */
  private static final long HOUR_MS = 3_600_000;

  private final Stage stage;
  private final World world;
  private final Consumer<String> lines;

  private Epilogue(Stage stage, Consumer<String> lines) {
    this.stage = stage;
    this.lines = lines;
    this.world = stage.world();
  }

  /** Ends the run; what was done is told, a line a step. */
  static void run(Stage stage, Consumer<String> lines) {
    new Epilogue(stage, lines).run();
  }

  private void run() {
    world.replicas().spare();
    for (int i = 0; i < world.replicas().count(); i++) {
      lines.accept(stage.restart(i));
    }
    stage.machines().thaw();
    lines.accept(stage.staff().revoke());
    if (world.wentBack()) {
      afterARestore();
      return;
    }
    for (SimEnclave e : world.enclaves()) {
      e.rate(1_000);
      lines.accept(end(e));
    }
    lines.accept(stage.later(60));
    lines.accept(stage.keep(0));
    writeOff();
    lines.accept(stage.keep(0));
    Violation.require(
        world.books().lease().state() == LeaseState.SETTLED,
        "a stopped lease can be settled",
        "it is " + world.books());
    world.audit();
    lines.accept(stage.watch());
    lines.accept(BorrowersView.check(world.account(), world.books()));
    Violation.require(
        world.replicas().frozen().isEmpty(),
        "no host freezes a custodian",
        world.replicas().frozen());
  }

  /**
   * Accounts that the ledger has forgotten stay open for ever; but the revoke thaws the custodian,
   * which stays so whatever it is shown, and nothing works any more. One that was given its anchor
   * back too learns of it only now, from an enclave, and is revoked once more.
   */
  private void afterARestore() {
    boolean late = false;
    requireThawed();
    for (SimEnclave e : world.enclaves()) {
      e.rate(1_000);
      stage.wires().poll(e, 0);
      stage.wires().pushAll(e);
      for (int i = 0; i < FEW_EXCHANGES && e.isAlive(); i++) {
        stage.wires().exchange(e);
        world.pass(ROUND_MS);
        if (!late && !world.replicas().frozen().isEmpty()) {
          late = true;
          lines.accept(world.replicas().frozen() + " " + stage.staff().revoke());
        }
        requireThawed();
      }
      lines.accept(e.name() + " " + e.phase());
    }
    world.pass(3 * HOUR_MS);
    for (SimEnclave e : world.enclaves()) {
      Violation.require(
          !e.isAlive() || world.ask(e, Delivery.STREAMED, 1, 1, true) < 0,
          "nothing works in the end",
          e.name());
    }
  }

  private void requireThawed() {
    Violation.require(
        world.replicas().frozen().isEmpty(),
        "a custodian whose lease is revoked thaws and stays so",
        world.replicas().frozen());
  }

  /** Lets an enclave say all it has to say. */
  private String end(SimEnclave e) {
    boolean entered = e.instance().filter(world.books().instances()::containsKey).isPresent();
    stage.wires().poll(e, 0);
    stage.wires().pushAll(e);
    int most = entered ? MOST_EXCHANGES : FEW_EXCHANGES;
    for (int i = 0; i < most && e.isAlive(); i++) {
      boolean silent = stage.wires().exchange(e).isEmpty();
      world.pass(silent ? HOUR_MS : ROUND_MS);
    }
    boolean written =
        e.instance()
            .map(world.books().instances()::get)
            .filter(i -> i.state() == InstanceState.WRITTEN_OFF)
            .isPresent();
    Violation.require(
        !entered || written || e.phase() == Phase.CLOSED || e.phase() == Phase.GONE,
        "an enclave that stopped can be closed",
        e.name() + " is " + e.phase());
    return e.name() + " " + e.phase();
  }

  private void writeOff() {
    for (Id i : world.books().unresolved()) {
      lines.accept(i + " " + stage.staff().writeOff(i));
    }
  }
}
