package dev.leasehold.adversary.host;

import dev.leasehold.adversary.World;
import dev.leasehold.adversary.world.SimEnclave;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The machines enclaves run on: booted, frozen, killed, with clocks that lie. */
public final class Machines {
  /** Enclaves that live at once, and in all. */
  private static final int MOST_ALIVE = 4;

  private static final int MOST = 10;
  private static final long[] RATES = {1_000, 1_000, 0, 100, 5_000};
  private static final long[] JUMPS_MS = {-3_600_000, -5_000, 2_000, 60_000};

  private final World world;
  private final Set<SimEnclave> frozen = new HashSet<>();

  public Machines(World world) {
    this.world = world;
  }

  /** Any enclave that lives and is not frozen. */
  public Optional<SimEnclave> any(int which) {
    List<SimEnclave> awake = alive().stream().filter(e -> !frozen.contains(e)).toList();
    return awake.isEmpty()
        ? Optional.empty()
        : Optional.of(awake.get(Math.floorMod(which, awake.size())));
  }

  private List<SimEnclave> alive() {
    return world.enclaves().stream().filter(SimEnclave::isAlive).toList();
  }

  public String boot(int machine) {
    return hasRoom() ? world.boot(machine).name() : "";
  }

  /** Another machine that draws the same keys. */
  public String twin(SimEnclave of) {
    return hasRoom() ? world.twin(of).name() + " like " + of.name() : "";
  }

  private boolean hasRoom() {
    return alive().size() < MOST_ALIVE && world.enclaves().size() < MOST;
  }

  public String kill(SimEnclave e) {
    e.kill();
    world.look();
    return e.name();
  }

  public String drain(SimEnclave e) {
    e.drain();
    world.look();
    return e.name();
  }

  public String freeze(SimEnclave e) {
    frozen.add(e);
    e.rate(0);
    return e.name();
  }

  /** Frozen machines go on; their clocks may have stood still. */
  public String thaw() {
    if (frozen.isEmpty()) {
      return "";
    }
    frozen.forEach(e -> e.rate(RATES[0]));
    frozen.clear();
    return "all";
  }

  public String rate(SimEnclave e, int which) {
    long permille = RATES[Math.floorMod(which, RATES.length)];
    e.rate(permille);
    return e.name() + " " + permille;
  }

  public String jump(SimEnclave e, int which) {
    long ms = JUMPS_MS[Math.floorMod(which, JUMPS_MS.length)];
    e.jump(ms);
    world.look();
    return e.name() + " " + ms + " ms";
  }
}
