package dev.leasehold.cli;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What all long-running verbs share. */
public final class Servers {
  private static final long PATIENCE_SECONDS = 20;
  private static final CompletableFuture<Integer> ENDED = new CompletableFuture<>();

  private Servers() {}

  /** Returns when the process is asked to end, so that try-with-resources closes the server. */
  public static void untilStopped() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    whenStopped(stop::countDown);
    stop.await();
  }

  /** Does this when the process is asked to end; the verb's own exit code is then the process's. */
  static void whenStopped(Runnable end) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  end.run();
                  awaitEnd();
                }));
  }

  /** Ends the process with a verb's exit code, also when a signal has begun to end it. */
  static void exit(int code) {
    ENDED.complete(code);
    System.exit(code);
  }

  /** A verb that takes too long is not waited for: the process ends as the signal wants. */
  private static void awaitEnd() {
    try {
      Runtime.getRuntime().halt(ENDED.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException | ExecutionException e) {
      // Nothing to report it to.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static CliFailure portTaken(IOException e) {
    return new CliFailure(
        "Cannot listen",
        "a free port of this machine",
        String.valueOf(e.getMessage()),
        "name another port, or end what holds this one");
  }
}
