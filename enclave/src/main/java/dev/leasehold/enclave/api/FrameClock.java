package dev.leasehold.enclave.api;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sends frames at fixed instants whatever is or is not in them (protocol §11.3). An instant missed
 * because a reader was slow is left out, never made up for: the pace tells nothing.
 */
final class FrameClock {
  private final LongSupplier nanoTime;

  FrameClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void send(
      OutputStream out, byte[] head, long frameMs, Supplier<byte[]> frames, BooleanSupplier ended)
      throws IOException {
    long step = TimeUnit.MILLISECONDS.toNanos(frameMs);
    long start = nanoTime.getAsLong();
    out.write(head);
    out.flush();
    while (!ended.getAsBoolean()) {
      long past = nanoTime.getAsLong() - start;
      sleep(step - past % step);
      out.write(frames.get());
      out.flush();
    }
  }

  private static void sleep(long nanos) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server is closing");
    }
  }
}
