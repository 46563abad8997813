package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that writes (protocol §8.2). Steps that wait are run as one transaction, each
 * behind its own savepoint, for at most 5 ms or 256 steps; then the commit, one fsync of the
 * anchor, and only then all replies. A stop runs next and alone.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int MOST_STEPS = 256;
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MOST_WAITING = 20_000;
  private static final String SAVEPOINT = "step";

  private final Store store;
  private final Handle handle;
  private final Anchor anchor;
  private final Faults faults;
  private final LinkedBlockingDeque<Task<?>> queue = new LinkedBlockingDeque<>();
  private final Thread thread;
  private volatile boolean closed;

  public Writer(Store store, Anchor anchor, Faults faults) {
    this.store = store;
    this.handle = store.writer();
    this.anchor = anchor;
    this.faults = faults;
    this.thread = Thread.ofPlatform().name("ledger-writer").start(this::loop);
  }

  /** Runs a step and returns once it is durable. */
  public <T> T run(Step<T> step) throws Rejected {
    if (queue.size() >= MOST_WAITING) {
      throw new Rejected(ProblemType.BUSY, "too many requests wait for the ledger");
    }
    return submit(queue::addLast, new Task<>(step, false));
  }

  /** Runs a step in a transaction, and at a time, of its own: a registration. */
  public <T> T runAlone(Step<T> step) throws Rejected {
    return submit(queue::addLast, new Task<>(step, true));
  }

  /** As {@link #runAlone}, before whatever waits: a stop. */
  public <T> T runFirst(Step<T> step) throws Rejected {
    return submit(queue::addFirst, new Task<>(step, true));
  }

  @Override
  public void close() {
    closed = true;
    // Not an interrupt: that would close the anchor's channel under a commit.
    queue.addFirst(new Task<>(tx -> tx, true));
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.forEach(t -> t.fail(unavailable("the custodian is stopping")));
  }

  private <T> T submit(Consumer<Task<?>> enqueue, Task<T> task) throws Rejected {
    if (closed) {
      throw unavailable("the custodian is stopping");
    }
    enqueue.accept(task);
    try {
      return task.reply.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Rejected rejected) {
        throw rejected;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted");
    }
  }

  private void loop() {
    while (!closed) {
      try {
        transaction(queue.takeFirst());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void transaction(Task<?> first) {
    List<Task<?>> tasks = new ArrayList<>();
    try {
      Tx time = store.tx(first.alone);
      handle.begin();
      long end = System.nanoTime() + MOST_NANOS;
      Task<?> next = first;
      while (next != null) {
        tasks.add(next);
        next.runIn(this, time);
        next = first.alone || System.nanoTime() - end >= 0 ? null : following(tasks.size());
      }
      Map<Id, Long> touched = touched(tasks);
      Optional<Id> behind = behind(touched);
      if (behind.isPresent()) {
        undoAndFreeze(tasks, behind.get());
        return;
      }
      handle.commit();
      anchor.append(touched);
      tasks.forEach(Task::complete);
    } catch (RuntimeException | IOException e) {
      LOG.error("no reply leaves: the ledger could not be made durable", e);
      rollBack();
      tasks.forEach(t -> t.fail(unavailable("the ledger could not be made durable; try again")));
    }
  }

  /** The next step of this transaction; a task that runs alone ends it. */
  private @Nullable Task<?> following(int steps) {
    Task<?> next = steps < MOST_STEPS ? queue.pollFirst() : null;
    if (next != null && next.alone) {
      queue.addFirst(next);
      return null;
    }
    return next;
  }

  private static Map<Id, Long> touched(List<Task<?>> tasks) {
    Map<Id, Long> all = new LinkedHashMap<>();
    tasks.forEach(t -> all.putAll(t.touched));
    return all;
  }

  /** A lease whose new {@code ver} is not above what this process, or the anchor, has seen. */
  private Optional<Id> behind(Map<Id, Long> touched) {
    return touched.entrySet().stream()
        .filter(e -> e.getValue() <= anchor.newest(e.getKey()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void undoAndFreeze(List<Task<?>> tasks, Id lease) {
    rollBack();
    String reason = "lease " + lease + " went back to a ledger version that was already answered";
    handle.useTransaction(h -> faults.rolledBack(store.tx(true), lease, reason));
    tasks.forEach(t -> t.fail(new Rejected(ProblemType.FROZEN, reason)));
  }

  private void rollBack() {
    try {
      if (handle.isInTransaction()) {
        handle.rollback();
      }
    } catch (RuntimeException e) {
      LOG.error("rollback failed", e);
    }
  }

  private static Rejected unavailable(String why) {
    return new Rejected(ProblemType.UNAVAILABLE, why);
  }

  /** One waiting step and its outcome. */
  private static final class Task<T> {
    private final Step<T> step;
    private final boolean alone;
    private final CompletableFuture<T> reply = new CompletableFuture<>();
    private Map<Id, Long> touched = Map.of();
    private Runnable outcome = () -> {};

    Task(Step<T> step, boolean alone) {
      this.step = step;
      this.alone = alone;
    }

    void runIn(Writer w, Tx time) {
      Tx tx = w.store.sameTime(time);
      w.handle.savepoint(SAVEPOINT);
      try {
        T value = step.run(tx);
        keep(w, tx, () -> reply.complete(value));
      } catch (Rejected e) {
        if (e.isRecorded()) {
          keep(w, tx, () -> reply.completeExceptionally(e));
        } else {
          w.handle.rollbackToSavepoint(SAVEPOINT);
          outcome = () -> reply.completeExceptionally(e);
        }
      } catch (RuntimeException e) {
        LOG.error("a step of the ledger was refused by its own rules", e);
        w.handle.rollbackToSavepoint(SAVEPOINT);
        w.faults.broken(w.store.sameTime(time), e);
        outcome = () -> fail(unavailable("the ledger's rules forbid this step"));
      }
    }

    private void keep(Writer w, Tx tx, Runnable then) {
      w.handle.releaseSavepoint(SAVEPOINT);
      touched = tx.touched();
      outcome =
          () -> {
            tx.actions().forEach(Runnable::run);
            then.run();
          };
    }

    void complete() {
      outcome.run();
    }

    void fail(Rejected why) {
      reply.completeExceptionally(why);
    }
  }
}
