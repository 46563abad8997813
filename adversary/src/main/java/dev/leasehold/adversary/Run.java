package dev.leasehold.adversary;

import dev.leasehold.adversary.Schedule.Move;
import dev.leasehold.adversary.oracle.Violation;
import dev.leasehold.adversary.world.Conduct;
import dev.leasehold.adversary.world.Front;
import dev.leasehold.adversary.world.Ledgers;
import dev.leasehold.adversary.world.Node;
import dev.leasehold.adversary.world.SimRelay;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Runs schedules. */
public final class Run {
  private Run() {}

  /** A schedule that broke something, with all that is needed to see how. */
  public static final class Failed extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final transient SimRelay.Account account;

    private Failed(
        Schedule schedule, Trace trace, RuntimeException cause, SimRelay.Account account) {
      super(
          "schedule "
              + schedule.seed()
              + " fails; replay it with -Dleasehold.seed="
              + schedule.seed()
              + "\n"
              + trace.text()
              + "\n"
              + cause.getMessage()
              + "\nto the borrower's relay: "
              + account.alarms()
              + "\nin its evidence: "
              + account.report().findings(),
          cause);
      this.account = account;
      this.rule = cause instanceof Violation v ? v.rule() : String.valueOf(cause);
    }

    /** Which rule of the oracle was broken. */
    public String rule() {
      return rule;
    }

    /** What the borrower knew and could prove at that moment. */
    public SimRelay.Account account() {
      return account;
    }
  }

  /** An honest custodian and honest enclaves against the host of this schedule. */
  public static Trace of(Schedule schedule, Ledgers ledgers) {
    return of(schedule, ledgers, node -> node, Conduct.HONEST);
  }

  /** The same with a custodian or a program that is broken in some way. */
  public static Trace of(
      Schedule schedule, Ledgers ledgers, Function<Node, Front> bend, Conduct conduct) {
    Trace trace = new Trace();
    trace.add(ledgers + ", " + ledgers.nodes() + " nodes");
    trace.add(schedule.limits().toString());
    try (World world = new World(schedule.seed(), schedule.limits(), ledgers, bend, conduct)) {
      play(schedule, world, trace);
      return trace;
    }
  }

  private static void play(Schedule schedule, World world, Trace trace) {
    try {
      Stage stage = Stage.of(world);
      for (Move move : schedule.moves()) {
        String did = move.verb().on(stage, move.a(), move.b());
        note(trace, move.verb().name(), did, world.events());
      }
      Epilogue.run(stage, line -> note(trace, "END", line, world.events()));
    } catch (RuntimeException e) {
      throw new Failed(schedule, trace, e, world.account());
    }
  }

  private static void note(Trace trace, String verb, String did, List<String> events) {
    if (!did.isEmpty() || !events.isEmpty()) {
      trace.add(
          verb.toLowerCase(Locale.ROOT).replace('_', ' ')
              + ": "
              + did
              + (events.isEmpty() ? "" : " " + events));
    }
  }
}
