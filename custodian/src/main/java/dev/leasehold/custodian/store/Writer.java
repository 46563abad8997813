package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.time.Trouble;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that writes (protocol §8.2). Steps that wait are run as one transaction, which
 * holds every lease they name, for at most 5 ms or 256 steps; then what they changed is written,
 * the commit, one fsync of the anchor, and only then all replies. A stop runs next and alone.
 *
 * <p>When a transaction of several steps fails before its commit, nobody can tell whose fault it
 * was: each of them is run again alone.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int MOST_STEPS = 256;
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MOST_WAITING = 20_000;
  private static final int MOST_ATTEMPTS = 5;

  private final Store store;
  private final Anchor anchor;
  private final Faults faults;
  private final CrashPoints crashes;
  private final LinkedBlockingDeque<Task<?>> queue = new LinkedBlockingDeque<>();
  private final Trouble trouble = new Trouble(LOG, "writing the ledger");
  private final Thread thread;
  private volatile boolean closed;

  public Writer(Store store, Anchor anchor, Faults faults, CrashPoints crashes) {
    this.store = store;
    this.anchor = anchor;
    this.faults = faults;
    this.crashes = crashes;
    this.thread = Thread.ofPlatform().name("ledger-writer").start(this::loop);
  }

  /** Runs a step and returns once it is durable; one with the whole ledger runs alone. */
  public <T> T run(Reach reach, Step<T> step) throws Rejected {
    if (queue.size() >= MOST_WAITING) {
      throw new Rejected(ProblemType.BUSY, "too many requests wait for the ledger");
    }
    return submit(queue::addLast, new Task<>(step, reach, reach.whole()));
  }

  /** Runs a step in a transaction of its own, before whatever waits: a stop. */
  public <T> T runFirst(Reach reach, Step<T> step) throws Rejected {
    return submit(queue::addFirst, new Task<>(step, reach, true));
  }

  @Override
  public void close() {
    closed = true;
    // Not an interrupt: that would close the anchor's channel under a commit.
    queue.addFirst(new Task<>(tx -> tx, Reach.NO_LEASE, true));
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failAll(queue);
  }

  private <T> T submit(Consumer<Task<?>> enqueue, Task<T> task) throws Rejected {
    enqueue.accept(task);
    if (closed) {
      task.fail(stopping());
    }
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
    try {
      while (!closed) {
        transaction(gather(queue.takeFirst()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed = true;
      failAll(queue);
    }
  }

  /** The steps of one transaction: what waits, up to a task that wants one of its own. */
  private List<Task<?>> gather(Task<?> first) {
    List<Task<?>> tasks = new ArrayList<>(List.of(first));
    while (!first.alone && tasks.size() < MOST_STEPS) {
      Task<?> next = queue.pollFirst();
      if (next == null) {
        break;
      }
      if (next.alone) {
        queue.addFirst(next);
        break;
      }
      tasks.add(next);
    }
    return tasks;
  }

  private void transaction(List<Task<?>> tasks) {
    Transaction t;
    try {
      t = store.begin(reach(tasks));
      runSome(tasks, t);
      t.write();
    } catch (RuntimeException e) {
      store.rollBack();
      if (store.failure(e) == Database.Failure.GONE) {
        fail(tasks, e);
      } else {
        LOG.info("a transaction is tried again, step by step: {}", e.getMessage());
        putBack(tasks.stream().filter(Task::mayTryAgainAlone).toList());
      }
      return;
    } catch (Error e) {
      store.rollBack();
      failAll(tasks);
      throw e;
    }
    commit(tasks, t.held());
  }

  private void commit(List<Task<?>> tasks, List<LeaseRow> held) {
    try {
      Map<Id, Long> touched = touched(tasks);
      Optional<Id> behind = behind(touched);
      if (behind.isPresent()) {
        undoAndFreeze(tasks, behind.get());
        return;
      }
      crashes.at(CrashPoints.Moment.BEFORE_COMMIT);
      store.commit();
      crashes.at(CrashPoints.Moment.AFTER_COMMIT);
      anchor.append(news(held, touched), crashes);
      trouble.over();
      tasks.stream().filter(Task::hasRun).forEach(Task::complete);
      putBack(tasks.stream().filter(t -> !t.hasRun()).toList());
    } catch (RuntimeException e) {
      store.rollBack();
      if (store.failure(e) == Database.Failure.COLLISION) {
        LOG.info("a transaction collided with another replica's: {}", e.getMessage());
        putBack(tasks.stream().filter(Task::mayTryAgainAlone).toList());
      } else {
        fail(tasks, e);
      }
    } catch (IOException e) {
      fail(tasks, e);
    } catch (Error e) {
      store.rollBack();
      failAll(tasks);
      throw e;
    }
  }

  /** No reply leaves. */
  private void fail(List<Task<?>> tasks, Exception e) {
    trouble.failed(e);
    tasks.forEach(t -> t.fail(undurable()));
  }

  private void putBack(List<Task<?>> tasks) {
    tasks.reversed().forEach(queue::addFirst);
  }

  /** Runs what fits into one transaction's time, and at least one step. */
  private void runSome(List<Task<?>> tasks, Transaction t) {
    long start = System.nanoTime();
    for (Task<?> task : tasks) {
      task.runIn(this, t);
      if (System.nanoTime() - start >= MOST_NANOS) {
        return;
      }
    }
  }

  private static Reach reach(List<Task<?>> tasks) {
    return Reach.union(tasks.stream().map(t -> t.reach).toList());
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

  /**
   * What the anchor is to remember: what the steps wrote, and what they found that another replica
   * had written. That one may have died before its own anchor knew, and they may have told it.
   */
  private Map<Id, Long> news(List<LeaseRow> held, Map<Id, Long> touched) {
    Map<Id, Long> news = new LinkedHashMap<>();
    for (LeaseRow lease : held) {
      if (lease.ver() > anchor.newest(lease.leaseId())) {
        news.put(lease.leaseId(), lease.ver());
      }
    }
    news.putAll(touched);
    return news;
  }

  private void undoAndFreeze(List<Task<?>> tasks, Id lease) {
    store.rollBack();
    String reason = "lease " + lease + " went back to a ledger version that was already answered";
    store.setUp(tx -> {
      faults.rolledBack(tx, lease, reason);
      return tx;
    });
    tasks.forEach(t -> t.fail(new Rejected(ProblemType.FROZEN, reason)));
  }

  private static void failAll(Iterable<Task<?>> tasks) {
    tasks.forEach(t -> t.fail(stopping()));
  }

  private static Rejected stopping() {
    return unavailable("the custodian is stopping");
  }

  private static Rejected undurable() {
    return unavailable("the ledger could not be made durable; try again");
  }

  private static Rejected unavailable(String why) {
    return new Rejected(ProblemType.UNAVAILABLE, why);
  }

  /** One waiting step and its outcome. */
  private static final class Task<T> {
    private final Step<T> step;
    private final CompletableFuture<T> reply = new CompletableFuture<>();
    private Reach reach;
    private boolean alone;
    private int attempts;
    private Map<Id, Long> touched = Map.of();
    private Optional<Runnable> outcome = Optional.empty();

    Task(Step<T> step, Reach reach, boolean alone) {
      this.step = step;
      this.reach = reach;
      this.alone = alone;
    }

    void runIn(Writer w, Transaction t) {
      outcome = Optional.empty();
      Tx tx = alone ? Tx.alone(t) : new Tx(t);
      try {
        T value = step.run(tx);
        keep(tx, () -> reply.complete(value));
      } catch (Rejected e) {
        if (e.isRecorded()) {
          keep(tx, () -> reply.completeExceptionally(e));
        } else {
          undo(tx, () -> reply.completeExceptionally(e));
        }
      } catch (Reach.OutOfReach e) {
        tx.undo();
        reach = Reach.WHOLE_LEDGER;
        alone = true;
      } catch (RuntimeException e) {
        if (!alone) {
          throw e;
        }
        failed(w, t, tx, e);
      }
    }

    private void failed(Writer w, Transaction t, Tx tx, RuntimeException e) {
      switch (w.store.failure(e)) {
        case COLLISION, GONE -> throw e;
        case RACE -> {
          if (attempts++ < MOST_ATTEMPTS) {
            // What the other replica did is committed now, so this time the step sees it.
            tx.undo();
            runIn(w, t);
          } else {
            forbid(w, t, tx, e);
          }
        }
        case RULE -> forbid(w, t, tx, e);
      }
    }

    private void forbid(Writer w, Transaction t, Tx tx, RuntimeException e) {
      LOG.error("a step of the ledger was refused by its own rules", e);
      undo(tx, () -> fail(unavailable("the ledger's rules forbid this step")));
      Tx after = Tx.alone(t);
      w.faults.broken(after, e);
      after.keep();
    }

    private void keep(Tx tx, Runnable then) {
      tx.keep();
      touched = tx.touched();
      outcome =
          Optional.of(() -> {
            tx.actions().forEach(Runnable::run);
            then.run();
          });
    }

    private void undo(Tx tx, Runnable then) {
      tx.undo();
      touched = Map.of();
      outcome = Optional.of(then);
    }

    /** In a transaction without other steps to fail for; not for ever. */
    boolean mayTryAgainAlone() {
      alone = true;
      touched = Map.of();
      outcome = Optional.empty();
      if (attempts++ < MOST_ATTEMPTS) {
        return true;
      }
      fail(undurable());
      return false;
    }

    /** False for a step that waits for another transaction: for time, or for a longer reach. */
    boolean hasRun() {
      return outcome.isPresent();
    }

    void complete() {
      outcome.ifPresent(Runnable::run);
    }

    void fail(Rejected why) {
      reply.completeExceptionally(why);
    }
  }
}
