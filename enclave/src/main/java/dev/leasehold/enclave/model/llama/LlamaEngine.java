package dev.leasehold.enclave.model.llama;

import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.LlmEngine;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.Vocabulary;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** llama.cpp with one model and one context, on the processor. */
public final class LlamaEngine implements LlmEngine {
  /**
   * How the engine is set up.
   *
   * @param sequences how many texts it keeps at once
   * @param contextLength tokens a text; 0 or more than the model was trained for means the latter
   * @param threads threads that compute; their barriers spin, so never more than free cores
   */
  public record Options(int sequences, int contextLength, int threads) {
    public Options {
      if (sequences < 1 || contextLength < 0 || threads < 1) {
        throw new IllegalArgumentException(
            "expected sequences and threads at least 1 and a context length, found "
                + sequences
                + ", "
                + threads
                + " and "
                + contextLength);
      }
    }
  }

  private final LlamaContext context;
  private final Tariff tariff;
  private final AtomicLong steps = new AtomicLong();
  private boolean closed;

  private LlamaEngine(LlamaContext context, Tariff tariff) {
    this.context = context;
    this.tariff = tariff;
  }

  /**
   * Loads the model from its file, or from its parts in order. The engine computes on this memory
   * and owns it from now on; a failure wipes it.
   */
  public static LlamaEngine open(
      Natives natives, List<ModelMemory> files, Tariff tariff, Options options) {
    return new LlamaEngine(LlamaContext.load(natives, files, options), tariff);
  }

  @Override
  public synchronized void prefill(Permit permit, int sequence, int from, int[] tokens)
      throws StepFailed {
    pay(permit, tariff.prefill(from, tokens.length));
    LlamaBatch batch = context.batch();
    batch.clear();
    for (int i = 0; i < tokens.length; i++) {
      batch.add(tokens[i], from + i, sequence, false);
    }
    step();
  }

  @Override
  public synchronized Logits decode(Permit permit, List<Decode> work) throws StepFailed {
    Vec need = Vec.ZERO;
    for (Decode one : work) {
      need = need.plus(tariff.decode(one.position() + 1));
    }
    pay(permit, need);
    LlamaBatch batch = context.batch();
    batch.clear();
    for (Decode one : work) {
      batch.add(one.token(), one.position(), one.sequence(), true);
    }
    step();
    return this::copyScores;
  }

  @Override
  public synchronized void forget(int sequence) {
    if (!closed) {
      context.forget(sequence);
    }
  }

  @Override
  public void interrupt(boolean on) {
    context.interrupt(on);
  }

  @Override
  public Vocabulary vocabulary() {
    return context.vocabulary();
  }

  @Override
  public int maxSequences() {
    return context.sequences();
  }

  @Override
  public int contextLength() {
    return context.contextLength();
  }

  @Override
  public int maxPrefill() {
    return LlamaContext.MAX_PREFILL;
  }

  @Override
  public long steps() {
    return steps.get();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      context.close();
    }
  }

  /** Uses the permit up, and refuses one that covers less than the work (protocol §9.3). */
  private static void pay(Permit permit, Vec need) {
    permit.consume();
    if (!need.atMost(permit.covers())) {
      throw new IllegalStateException(
          "a permit for " + permit.covers() + " does not cover a step that costs " + need);
    }
  }

  private void step() throws StepFailed {
    if (closed) {
      throw new StepFailed(true, "the engine is closed");
    }
    steps.incrementAndGet();
    int code = context.step();
    if (code != LlamaContext.DONE) {
      throw new StepFailed(code == LlamaContext.ABORTED, "llama_decode returned " + code);
    }
  }

  private synchronized void copyScores(int index, float[] into) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    context.copyScores(index, into);
  }
}
