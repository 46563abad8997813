package dev.leasehold.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** What all long-running verbs share. */
public final class Servers {
  private Servers() {}

  /** Returns when the process is asked to end, so that try-with-resources closes the server. */
  public static void untilStopped() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    whenStopped(stop::countDown);
    stop.await();
  }

  /** Does this when the process is asked to end; the thread that calls here may then finish. */
  static void whenStopped(Runnable end) {
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  end.run();
                  try {
                    main.join(5_000);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  static CliFailure portTaken(IOException e) {
    return new CliFailure(
        "Cannot listen",
        "a free port of this machine",
        String.valueOf(e.getMessage()),
        "name another port, or end what holds this one");
  }
}
