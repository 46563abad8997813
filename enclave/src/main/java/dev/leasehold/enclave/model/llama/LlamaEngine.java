package dev.leasehold.enclave.model.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.LlmEngine;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.Vocabulary;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
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

  private static final int LOAD_MODE_MMAP = 1;
  private static final int MAX_PREFILL = 512;
  private static final int ABORTED = 2;

  private final Llama llama;
  private final List<ModelMemory> files;
  private final Tariff tariff;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment abort = Arena.ofAuto().allocate(2);
  private final MemorySegment model;
  private final MemorySegment context;
  private final LlamaBatch batch;
  private final LlamaVocabulary vocabulary;
  private final int sequences;
  private final int contextLength;
  private final AtomicLong steps = new AtomicLong();
  private boolean closed;

  private LlamaEngine(Llama llama, List<ModelMemory> files, Tariff tariff, Options options) {
    this.llama = llama;
    this.files = List.copyOf(files);
    this.tariff = tariff;
    sequences = options.sequences;
    model = loadModel();
    int trained = llama.trainedContext(model);
    int wanted = options.contextLength == 0 ? trained : Math.min(options.contextLength, trained);
    context = newContext(options, wanted);
    contextLength = Math.min(wanted, llama.contextPerSequence(context));
    batch = new LlamaBatch(arena, Math.max(MAX_PREFILL, sequences));
    vocabulary = new LlamaVocabulary(llama, model, arena);
  }

  /**
   * Loads the model from its file, or from its parts in order. The engine computes on this memory
   * and owns it from now on; a failure wipes it.
   */
  public static LlamaEngine open(
      Natives natives, List<ModelMemory> files, Tariff tariff, Options options) {
    try {
      return new LlamaEngine(new Llama(natives), files, tariff, options);
    } catch (RuntimeException e) {
      files.forEach(ModelMemory::close);
      throw e;
    }
  }

  @Override
  public synchronized void prefill(Permit permit, int sequence, int from, int[] tokens)
      throws StepFailed {
    batch.clear();
    for (int i = 0; i < tokens.length; i++) {
      batch.add(tokens[i], from + i, sequence, false);
    }
    pay(permit, tariff.prefill(from, tokens.length));
    step();
  }

  @Override
  public synchronized Logits decode(Permit permit, List<Decode> work) throws StepFailed {
    Vec need = Vec.ZERO;
    batch.clear();
    for (Decode one : work) {
      need = need.plus(tariff.decode(one.position() + 1));
      batch.add(one.token(), one.position(), one.sequence(), true);
    }
    pay(permit, need);
    step();
    return this::copyLogits;
  }

  @Override
  public synchronized void forget(int sequence) {
    if (!closed) {
      llama.memoryRemove(context, sequence);
    }
  }

  @Override
  public void interrupt(boolean on) {
    abort.set(JAVA_BYTE, 0, (byte) (on ? 1 : 0));
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public int maxSequences() {
    return sequences;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public int maxPrefill() {
    return MAX_PREFILL;
  }

  @Override
  public long steps() {
    return steps.get();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      files.forEach(ModelMemory::wipe);
      llama.memoryClear(context);
      llama.free(context);
      arena.close();
      llama.modelFree(model);
      files.forEach(ModelMemory::close);
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
    int code = llama.decode(context, batch.struct());
    if (code != 0) {
      throw new StepFailed(code == ABORTED, "llama_decode returned " + code);
    }
  }

  private synchronized void copyLogits(int index, float[] into) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    MemorySegment row = llama.logits(context, index, vocabulary.size());
    MemorySegment.copy(row, JAVA_FLOAT, 0, into, 0, vocabulary.size());
  }

  /**
   * Maps the weights instead of reading them, and forbids repacked copies ({@code
   * use_extra_bufts}): so the pages of {@link ModelMemory} are the only weights there are, and
   * wiping them is enough. The price is the faster layout that llama.cpp would make for some
   * quantised types.
   */
  private MemorySegment loadModel() {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment params = llama.modelDefaultParams(local);
      Structs.set(Structs.MODEL_PARAMS, params, "n_gpu_layers", 0);
      Structs.set(Structs.MODEL_PARAMS, params, "load_mode", LOAD_MODE_MMAP);
      Structs.set(Structs.MODEL_PARAMS, params, "use_extra_bufts", false);
      MemorySegment paths = local.allocate(ADDRESS, files.size());
      for (int i = 0; i < files.size(); i++) {
        paths.setAtIndex(ADDRESS, i, local.allocateFrom(files.get(i).path().toString()));
      }
      return present(llama.modelLoadFromSplits(paths, files.size(), params), "load the model");
    }
  }

  private MemorySegment newContext(Options options, int length) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment params = llama.contextDefaultParams(local);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_ctx", Math.multiplyExact(length, sequences));
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_batch", Math.max(MAX_PREFILL, sequences));
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_ubatch", Math.max(MAX_PREFILL, sequences));
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_seq_max", sequences);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_outputs_max", sequences);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_threads", options.threads);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_threads_batch", options.threads);
      Structs.set(Structs.CONTEXT_PARAMS, params, "abort_callback", abortCallback());
      Structs.set(Structs.CONTEXT_PARAMS, params, "abort_callback_data", abort);
      return present(llama.initFromModel(model, params), "make a context");
    }
  }

  /**
   * llama.cpp calls {@code bool abort(void *data)} between any two tensor operations. libc's strlen
   * is such a function: over two bytes, the second always 0, it is true exactly when the first is
   * set. So a decode is stopped by one store, and no Java runs inside the kernel.
   */
  private static MemorySegment abortCallback() {
    return Linker.nativeLinker().defaultLookup().findOrThrow("strlen");
  }

  private static MemorySegment present(MemorySegment pointer, String what) {
    if (pointer.address() == 0) {
      throw new IllegalArgumentException(
          "llama.cpp cannot " + what + ": expected a GGUF model it knows and memory for it");
    }
    return pointer;
  }
}
