package dev.leasehold.enclave.life;

import java.util.concurrent.TimeUnit;

/** Pauses between attempts, each twice as long as the last up to 5 seconds. */
final class Backoff {
  private static final long FIRST_MS = 200;
  private static final long LAST_MS = 5_000;

  private long next = FIRST_MS;

  void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(next);
    next = Math.min(2 * next, LAST_MS);
  }

  /** As long as the custodian asked for, within reason. */
  void pause(long wantedMs) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.clamp(wantedMs, FIRST_MS, LAST_MS));
  }
}
