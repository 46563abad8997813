package dev.leasehold.adversary;

import dev.leasehold.adversary.host.Machines;
import dev.leasehold.adversary.host.Wires;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.custodian.store.CrashPoints.Moment;
import java.util.function.Function;

/** Everybody who acts in a run. */
record Stage(World world, Wires wires, Machines machines, Staff staff) {
  private static final int ANCHOR_RECORD = 32;

  static Stage of(World world) {
    return new Stage(world, new Wires(world), new Machines(world), new Staff(world));
  }

  /** Lets something be done to any enclave that can move. */
  String with(int which, Function<SimEnclave, String> deed) {
    return machines.any(which).map(deed).orElse("");
  }

  String crash() {
    if (!world.node().isUp()) {
      return "";
    }
    world.kill();
    return "custodian";
  }

  /** The custodian dies within its next transaction. */
  String crashSoon(int moment, int kept) {
    Moment[] all = Moment.values();
    Moment chosen = all[Math.floorMod(moment, all.length)];
    world.node().killAt(chosen, Math.floorMod(kept, ANCHOR_RECORD + 1));
    return chosen.name();
  }

  String restart() {
    if (world.node().isUp()) {
      return "";
    }
    world.restart();
    staff.retry();
    return "custodian";
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

  String keep() {
    world.keep();
    return world.node().isUp() ? "custodian" : "";
  }
}
