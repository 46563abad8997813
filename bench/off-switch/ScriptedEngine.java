package dev.leasehold.enclave.life;

import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.LlmEngine;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An engine that waits where a model would compute and always makes the same word. It takes its
 * permits and can be interrupted as the real one.
 */
final class ScriptedEngine implements LlmEngine, Vocabulary {
  /** What every step writes. */
  static final String WORD = "tick";

  private static final int END = 0;
  private static final int SAYS_WORD = 1;
  private static final int TOKENS = 2;
  private static final int CONTEXT = 1 << 20;

  private final Tariff tariff;
  private final int sequences;
  private final long stepNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition interruption = lock.newCondition();
  private boolean interrupted;
  private long steps;

  /**
   * An engine in front of which nobody waits.
   *
   * @param step how long it takes for a token of each sequence
   */
  ScriptedEngine(Tariff tariff, int sequences, Duration step) {
    this.tariff = tariff;
    this.sequences = sequences;
    this.stepNanos = step.toNanos();
  }

  @Override
  public void prefill(Permit permit, int sequence, int from, int[] tokens) {
    pay(permit, tariff.prefill(from, tokens.length));
  }

  @Override
  public Logits decode(Permit permit, List<Decode> batch) throws StepFailed {
    pay(
        permit,
        batch.stream().map(d -> tariff.decode(d.position() + 1)).reduce(Vec.ZERO, Vec::plus));
    compute();
    return (index, scores) -> {
      scores[END] = 0;
      scores[SAYS_WORD] = 1;
    };
  }

  private static void pay(Permit permit, Vec need) {
    permit.consume();
    if (!need.atMost(permit.covers())) {
      throw new IllegalStateException(permit.covers() + " does not cover " + need);
    }
  }

  private void compute() throws StepFailed {
    lock.lock();
    try {
      steps++;
      for (long left = stepNanos; left > 0 && !interrupted; ) {
        left = interruption.awaitNanos(left);
      }
      if (interrupted) {
        throw new StepFailed(true, "interrupted");
      }
    } catch (InterruptedException e) {
      throw new StepFailed(true, "interrupted");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void interrupt(boolean on) {
    lock.lock();
    try {
      interrupted = on;
      interruption.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void forget(int sequence) {}

  @Override
  public Vocabulary vocabulary() {
    return this;
  }

  @Override
  public int maxSequences() {
    return sequences;
  }

  @Override
  public int contextLength() {
    return CONTEXT;
  }

  @Override
  public int maxPrefill() {
    return CONTEXT;
  }

  @Override
  public long steps() {
    lock.lock();
    try {
      return steps;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {}

  @Override
  public int size() {
    return TOKENS;
  }

  @Override
  public int[] tokenize(String text, boolean special) {
    return new int[] {SAYS_WORD};
  }

  @Override
  public byte[] piece(int token) {
    return (WORD + " ").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean endsText(int token) {
    return token == END;
  }

  @Override
  public boolean addsBeginning() {
    return false;
  }

  @Override
  public int beginning() {
    return SAYS_WORD;
  }

  @Override
  public String endName() {
    return "";
  }

  @Override
  public @Nullable String chatTemplate() {
    return null;
  }
}
