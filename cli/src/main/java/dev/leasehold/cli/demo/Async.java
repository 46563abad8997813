package dev.leasehold.cli.demo;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Something that goes on while the story does. */
final class Async {
  private Async() {}

  static <T> CompletableFuture<T> supply(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
