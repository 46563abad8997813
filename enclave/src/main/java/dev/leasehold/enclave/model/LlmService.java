package dev.leasehold.enclave.model;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.Rejected.Reason;
import dev.leasehold.enclave.model.engine.LlmEngine;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.llama.LlamaEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;

/**
 * Generates text for many clients at once with one language model.
 *
 * <p>One thread takes all steps. {@link #submit} charges the admission in the caller's thread and
 * returns; the text then comes through the {@link TextSink}. When the lease stops, running steps
 * are interrupted and every sink is told {@link Finish#LEASE_STOPPED}.
 */
public final class LlmService implements AutoCloseable {
  /** How many admitted requests may wait for a free sequence, for each sequence there is. */
  private static final int WAITING_PER_SEQUENCE = 8;

  /** How often a paused or parked sequence is looked at again. */
  private static final long POLL_NANOS = 5_000_000;

  private final LlmEngine engine;
  private final Metering metering;
  private final LongSupplier seeds;
  private final PromptEncoder encoder;
  private final int capacity;
  private final Thread steps;
  private final Thread watch;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final List<Lane> arrivals = new ArrayList<>();

  /** Prompts are encoded by the threads of their clients; closing waits for these. */
  private final ReentrantReadWriteLock encoding = new ReentrantReadWriteLock();

  private boolean engineClosed;
  private int live;
  private boolean closed;

  /**
   * Serves with this engine, which it closes in the end.
   *
   * @param seeds chance for requests that bring no seed of their own
   */
  public LlmService(LlmEngine engine, Metering metering, LongSupplier seeds) {
    this.engine = engine;
    this.metering = metering;
    this.seeds = seeds;
    encoder = new PromptEncoder(engine.vocabulary());
    capacity = engine.maxSequences() * (1 + WAITING_PER_SEQUENCE);
    steps = Thread.ofPlatform().daemon().name("steps").start(this::run);
    watch =
        Thread.ofVirtual().name("watch").start(() -> metering.watch(() -> engine.interrupt(true)));
  }

  /** Loads a GGUF model, one file or its parts in order. The memory belongs to the service. */
  public static LlmService open(
      Natives natives,
      List<ModelMemory> files,
      LlamaEngine.Options options,
      Metering metering,
      LongSupplier seeds) {
    return new LlmService(
        LlamaEngine.open(natives, files, metering.tariff(), options), metering, seeds);
  }

  /**
   * Admits a request and charges the admission.
   *
   * @throws Rejected when it does not fit or the service is full; nothing is charged
   * @throws Denied when the guard gives no permit; nothing is charged
   */
  public void submit(GenerateRequest request, TextSink sink) throws Denied, Rejected {
    reserve();
    boolean admitted = false;
    try {
      int[] prompt = encode(request.prompt());
      Vec admission = admit();
      long seed = request.sampling().seed().orElseGet(seeds);
      enqueue(new Lane(request, prompt, sink, seed, admission));
      admitted = true;
    } finally {
      if (!admitted) {
        leave(1);
      }
    }
  }

  /** Requests admitted and not finished. */
  public int liveSequences() {
    lock.lock();
    try {
      return live;
    } finally {
      lock.unlock();
    }
  }

  /** How many steps reached the kernel. */
  public long engineSteps() {
    return engine.steps();
  }

  /** The most tokens, prompt and answer together. */
  public int contextLength() {
    return engine.contextLength();
  }

  /** Ends every stream with {@link Finish#LEASE_STOPPED}; returns when no step is running. */
  public void stop() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    engine.interrupt(true);
    watch.interrupt();
    joinUninterruptibly(steps);
  }

  /** Stops, then overwrites weights and contexts (protocol §9.4). */
  @Override
  public void close() {
    stop();
    encoding.writeLock().lock();
    try {
      engineClosed = true;
      engine.close();
    } finally {
      encoding.writeLock().unlock();
    }
  }

  private int[] encode(Prompt prompt) throws Rejected {
    int[] tokens = encodeUnlessClosed(prompt);
    if (tokens.length == 0) {
      throw new Rejected(Reason.INVALID, "the prompt has no tokens");
    }
    if (tokens.length >= engine.contextLength()) {
      throw new Rejected(
          Reason.TOO_LONG,
          "prompt: expected fewer than "
              + engine.contextLength()
              + " tokens, found "
              + tokens.length);
    }
    return tokens;
  }

  private int[] encodeUnlessClosed(Prompt prompt) throws Rejected {
    encoding.readLock().lock();
    try {
      if (engineClosed) {
        throw new Rejected(Reason.CLOSED, "the model is closed");
      }
      return encoder.encode(prompt);
    } finally {
      encoding.readLock().unlock();
    }
  }

  private Vec admit() throws Denied {
    Vec admission = metering.tariff().admission(1);
    try (Permit permit = metering.guard().acquire(admission, metering.nanoTime().getAsLong())) {
      permit.consume();
      return admission;
    }
  }

  private void reserve() throws Rejected {
    lock.lock();
    try {
      if (closed) {
        throw new Rejected(Reason.CLOSED, "the model is being closed");
      }
      if (live == capacity) {
        throw new Rejected(Reason.BUSY, capacity + " requests are being served already");
      }
      live++;
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Lane lane) {
    lock.lock();
    try {
      if (!closed) {
        arrivals.add(lane);
        arrived.signalAll();
        return;
      }
      live--;
    } finally {
      lock.unlock();
    }
    lane.finish(Finish.LEASE_STOPPED);
  }

  private void leave(int count) {
    lock.lock();
    try {
      live -= count;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Scheduler scheduler = new Scheduler(engine, metering);
    Finish last = Finish.ERROR;
    try {
      boolean busy = false;
      while (awaitWork(scheduler, busy)) {
        int before = scheduler.live();
        busy = scheduler.round();
        leave(before - scheduler.live());
      }
      last = Finish.LEASE_STOPPED;
    } finally {
      end(scheduler, last);
    }
  }

  /** Nothing is served after this, whether it was asked for or a bug ended the thread. */
  private void end(Scheduler scheduler, Finish last) {
    lock.lock();
    try {
      closed = true;
      arrivals.forEach(scheduler::add);
      live = 0;
    } finally {
      lock.unlock();
    }
    scheduler.finishAll(last);
  }

  /** Hands arrivals to the scheduler, waiting if it has nothing to do; false when closed. */
  private boolean awaitWork(Scheduler scheduler, boolean busy) {
    lock.lock();
    try {
      long left = scheduler.live() == 0 ? Long.MAX_VALUE : busy ? 0 : POLL_NANOS;
      while (!closed && arrivals.isEmpty() && left > 0) {
        left = arrived.awaitNanos(left);
      }
      arrivals.forEach(scheduler::add);
      arrivals.clear();
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
