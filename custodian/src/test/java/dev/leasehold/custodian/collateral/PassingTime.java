package dev.leasehold.custodian.collateral;

import dev.leasehold.testkit.time.ManualClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real way to vendors; by a clock of its own, a pause passes as soon as it begins. */
record PassingTime(ManualClock clock, List<Duration> pauses) implements Library.Outside {
  PassingTime(ManualClock clock) {
    this(clock, new CopyOnWriteArrayList<>());
  }

  @Override
  public Transport transport(CollateralConfig c) {
    return Library.Outside.REAL.transport(c);
  }

  @Override
  public Pause pause(InstantSource clock) {
    return moment -> {
      if (moment.isAfter(clock.instant())) {
        pauses.add(Duration.between(clock.instant(), moment));
        this.clock.reach(moment.toEpochMilli() + 1);
      }
    };
  }
}
