package dev.leasehold.consumer.relay;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A stream that ends when nothing has come for too long. Frames leave an enclave on a fixed clock,
 * so silence means that the relay holds them back. Time in which nobody reads does not count: that
 * is a slow client.
 */
final class StallGuard extends FilterInputStream {
  private static final long NOT_READING = -1;

  private final Duration limit;
  private final Thread watch;

  /** When the read under way began, in ns since {@code start}, or {@link #NOT_READING}. */
  private volatile long reading = NOT_READING;

  private final long start = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(InputStream in, Duration limit) {
    super(in);
    this.limit = limit;
    this.watch = Thread.ofVirtual().name("stall-guard").start(this::watch);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    reading = elapsed();
    try {
      int n = super.read(buffer, offset, length);
      if (n >= 0 || !stalled) {
        return n;
      }
    } catch (IOException e) {
      if (!stalled) {
        throw e;
      }
    } finally {
      reading = NOT_READING;
    }
    throw new IOException("nothing from the relay for " + limit.toMillis() + " ms");
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    super.close();
  }

  private void watch() {
    try {
      while (!stalled) {
        Thread.sleep(limit.dividedBy(4));
        long since = reading;
        if (since != NOT_READING && elapsed() - since > limit.toNanos()) {
          stalled = true;
          super.close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      stalled = true;
    }
  }

  private long elapsed() {
    return System.nanoTime() - start;
  }
}
