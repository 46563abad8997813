package dev.leasehold.custodian.time;

import dev.leasehold.custodian.problem.Rejected;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs that are done again and again on one thread, whatever became of them the last time. */
public final class Recurring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

  private final ScheduledExecutorService timer;
  private final LongSupplier nanoTime;

  /** Something to be done once more. */
  @FunctionalInterface
  public interface Job {
    void run() throws Rejected;
  }

  /**
   * @param thread the name of the thread
   */
  public Recurring(String thread) {
    this(thread, System::nanoTime);
  }

  Recurring(String thread, LongSupplier nanoTime) {
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(thread).daemon().factory());
    this.nanoTime = nanoTime;
  }

  /**
   * Begins doing a job.
   *
   * @param what does it, as the subject of a sentence in the log
   * @param first how long from now it is done for the first time
   * @param pause how long it rests after each time
   */
  public void start(String what, Duration first, Duration pause, Job job) {
    Trouble trouble = new Trouble(LOG, what, nanoTime);
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                job.run();
                trouble.over();
              } catch (Rejected | RuntimeException e) {
                trouble.failed(e);
              }
            },
            first.toNanos(),
            pause.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** Begins nothing more, and waits for what is being done. */
  @Override
  public void close() {
    timer.close();
  }
}
