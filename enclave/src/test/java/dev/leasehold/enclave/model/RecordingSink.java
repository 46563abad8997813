package dev.leasehold.enclave.model;

import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client that keeps what it is sent, and can pause or go away. */
final class RecordingSink implements TextSink {
  record End(Finish finish, Vec charged, Usage usage, String text) {}

  volatile boolean ready = true;
  volatile boolean cancelled;
  private final List<String> pieces = new ArrayList<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private Runnable onText = () -> {};

  RecordingSink onText(Runnable action) {
    onText = action;
    return this;
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public void text(String piece) {
    synchronized (pieces) {
      pieces.add(piece);
    }
    onText.run();
  }

  @Override
  public void finished(Finish finish, Vec charged, Usage usage) {
    if (!end.complete(new End(finish, charged, usage, text()))) {
      throw new IllegalStateException("finished twice");
    }
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  String text() {
    synchronized (pieces) {
      return String.join("", pieces);
    }
  }

  boolean isDone() {
    return end.isDone();
  }

  End await() throws InterruptedException, ExecutionException, TimeoutException {
    return end.get(60, TimeUnit.SECONDS);
  }
}
