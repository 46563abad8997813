package dev.leasehold.custodian.api;

import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Cuts off a client that sends too slowly, however steadily: the thread that reads from it is
 * interrupted, which closes its connection. The server's own timer ends only waits for the first
 * line of a request. Each connection has a thread, which is under a deadline whenever it reads what
 * follows: headers, a body that is taken, the rest of one that is not.
 */
final class Deadline implements Http1ConnectionListener, AutoCloseable {
  /** Of whichever server: a thread serves one connection of one. */
  private static final ThreadLocal<Cut> CURRENT = new ThreadLocal<>();

  private final Duration longest;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("client-deadlines").daemon().factory());

  Deadline(Duration longest) {
    this.longest = longest;
    timer.setRemoveOnCancelPolicy(true);
  }

  /** What happens to a thread that reads for too long. */
  private final class Cut {
    private final Thread reader = Thread.currentThread();
    private final ScheduledFuture<?> scheduled =
        timer.schedule(this::happen, longest.toMillis(), TimeUnit.MILLISECONDS);
    private boolean averted;

    private synchronized void happen() {
      if (!averted) {
        reader.interrupt();
      }
    }

    synchronized void avert() {
      averted = true;
      scheduled.cancel(false);
    }
  }

  /** From now on this thread waits for its client. */
  void begin() {
    end();
    CURRENT.set(new Cut());
  }

  /** From now on its client waits for this thread. */
  void end() {
    Cut cut = CURRENT.get();
    if (cut != null) {
      cut.avert();
      CURRENT.remove();
    }
  }

  @Override
  public void prologue(ConnectionContext context, HttpPrologue firstLine) {
    begin();
  }

  @Override
  public void headers(ConnectionContext context, Headers headers) {
    begin();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
