package dev.leasehold.testkit.time;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when a test says so. */
public final class ManualClock extends Clock {
  private final AtomicLong millis;

  public ManualClock(long start) {
    this.millis = new AtomicLong(start);
  }

  public void advance(long by) {
    millis.addAndGet(by);
  }

  /** Moves to the moment, unless it has passed. */
  public void reach(long moment) {
    millis.accumulateAndGet(moment, Math::max);
  }

  @Override
  public long millis() {
    return millis.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
