package dev.leasehold.adversary;

import dev.leasehold.adversary.host.Consumers;
import dev.leasehold.adversary.host.Machines;
import dev.leasehold.adversary.host.Wires;
import dev.leasehold.adversary.world.Node;
import dev.leasehold.adversary.world.Request;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.custodian.store.CrashPoints.Moment;
import java.util.Optional;
import java.util.function.Function;

/** Everybody who acts in a run. */
record Stage(World world, Wires wires, Machines machines, Consumers consumers, Staff staff) {
  private static final int ANCHOR_RECORD = 32;
  private static final Moment[] MOMENTS = Moment.values();

  static Stage of(World world) {
    return new Stage(
        world, new Wires(world), new Machines(world), new Consumers(world), new Staff(world));
  }

  /** Lets something be done to any enclave that can move. */
  String with(int which, Function<SimEnclave, String> deed) {
    return machines.any(which).map(deed).orElse("");
  }

  private static String at(Optional<Node> node, Function<Node, String> deed) {
    return node.map(deed).orElse("");
  }

  String crash(int which) {
    return at(
        world.replicas().up(which),
        n -> {
          world.kill(n);
          return n.toString();
        });
  }

  /** A node dies within its next transaction. */
  String crashSoon(int which, int kept) {
    Moment moment = moment(which);
    return at(
        world.replicas().up(which / MOMENTS.length),
        n -> {
          n.killAt(moment, Math.floorMod(kept, ANCHOR_RECORD + 1));
          return n + " " + moment;
        });
  }

  /** A node stands still within its next transaction, and others do what it was asked, or more. */
  String stall(int which, int how) {
    if (world.replicas().count() == 1) {
      return "";
    }
    Moment moment = moment(which);
    return at(
        world.replicas().up(which / MOMENTS.length),
        n -> {
          world.stallAt(n, moment, asked -> meanwhile(asked, how));
          return n + " " + moment;
        });
  }

  private String meanwhile(Optional<Request> asked, int how) {
    return switch (Math.floorMod(how, 6)) {
      case 0, 1 -> asked.map(world::ask).map(a -> "again " + a.summary()).orElse("");
      case 2 -> with(how / 6, wires::exchange);
      case 3 -> staff.suspend();
      case 4 -> later(1) + " " + keep(how);
      default -> with(how / 6, e -> consumers.ask(e, how / 64, how)) + with(how, wires::exchange);
    };
  }

  private static Moment moment(int which) {
    return MOMENTS[Math.floorMod(which, MOMENTS.length)];
  }

  String restart(int which) {
    return at(
        world.replicas().down(which),
        n -> {
          world.restart(n);
          staff.retry();
          return n.toString();
        });
  }

  String pass(int ms) {
    world.pass(ms);
    return ms + " ms";
  }

  /** The custodian's clock goes forward by itself. */
  String later(int minutes) {
    world.clock().advance(60_000L * minutes);
    return minutes + " min";
  }

  /** The host of the custodian keeps a copy of its database. */
  String backUp() {
    return world.backUp() ? "ledger" : "";
  }

  /** It puts the copy in place of the newest, now and then with the anchor of that time. */
  String restore(int chance, int how) {
    boolean anchorToo = how % 3 == 0;
    if (chance % 4 != 0 || !world.restore(anchorToo)) {
      return "";
    }
    staff.retry();
    return anchorToo ? "ledger and anchor" : "ledger: " + world.replicas().frozen();
  }

  String watch() {
    world.watch();
    return "log";
  }

  String keep(int which) {
    return at(
        world.replicas().up(which),
        n -> {
          world.keep(n);
          return n.toString();
        });
  }
}
