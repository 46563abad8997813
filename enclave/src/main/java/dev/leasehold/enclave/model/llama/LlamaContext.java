package dev.leasehold.enclave.model.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A loaded model with its one context, and the kernel call. It knows nothing of permits: {@link
 * LlamaEngine} is the only one in the enclave that may hold it. Not safe for several threads,
 * {@link #interrupt} excepted.
 */
final class LlamaContext implements AutoCloseable {
  static final int DONE = 0;
  static final int ABORTED = 2;
  static final int MAX_PREFILL = 512;

  private static final int LOAD_MODE_MMAP = 1;

  private final Llama llama;
  private final List<ModelMemory> files;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment abort = Arena.ofAuto().allocate(2);
  private final MemorySegment model;
  private final MemorySegment context;
  private final LlamaBatch batch;
  private final LlamaVocabulary vocabulary;
  private final int sequences;
  private final int contextLength;

  private LlamaContext(Llama llama, List<ModelMemory> files, LlamaEngine.Options options) {
    this.llama = llama;
    this.files = List.copyOf(files);
    sequences = options.sequences();
    model = loadModel();
    int trained = llama.trainedContext(model);
    int wanted = options.contextLength() == 0 ? trained : options.contextLength();
    context = newContext(Math.min(wanted, trained), options.threads());
    contextLength = Math.min(Math.min(wanted, trained), llama.contextPerSequence(context));
    batch = new LlamaBatch(arena, Math.max(MAX_PREFILL, sequences));
    vocabulary = new LlamaVocabulary(llama, model, arena);
  }

  /** Loads the model; it owns the files from now on, and a failure wipes them. */
  static LlamaContext load(Natives natives, List<ModelMemory> files, LlamaEngine.Options options) {
    try {
      return new LlamaContext(new Llama(natives), files, options);
    } catch (RuntimeException e) {
      files.forEach(ModelMemory::close);
      throw e;
    }
  }

  /** The tokens of the next {@link #step}. */
  LlamaBatch batch() {
    return batch;
  }

  /** Runs the kernel over the batch: {@link #DONE}, {@link #ABORTED} or a failure. */
  int step() {
    return llama.decode(context, batch.struct());
  }

  /** The scores for the {@code index}-th token of the last batch. */
  void copyScores(int index, float[] into) {
    MemorySegment row = llama.logits(context, index, vocabulary.size());
    MemorySegment.copy(row, JAVA_FLOAT, 0, into, 0, vocabulary.size());
  }

  void forget(int sequence) {
    llama.memoryRemove(context, sequence);
  }

  void interrupt(boolean on) {
    abort.set(JAVA_BYTE, 0, (byte) (on ? 1 : 0));
  }

  LlamaVocabulary vocabulary() {
    return vocabulary;
  }

  int sequences() {
    return sequences;
  }

  int contextLength() {
    return contextLength;
  }

  /** Overwrites weights and KV cache, then frees everything. Call it once. */
  @Override
  public void close() {
    files.forEach(ModelMemory::wipe);
    llama.memoryClear(context);
    llama.free(context);
    arena.close();
    llama.modelFree(model);
    files.forEach(ModelMemory::close);
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

  private MemorySegment newContext(int length, int threads) {
    int batchSize = Math.max(MAX_PREFILL, sequences);
    try (Arena local = Arena.ofConfined()) {
      MemorySegment params = llama.contextDefaultParams(local);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_ctx", Math.multiplyExact(length, sequences));
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_batch", batchSize);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_ubatch", batchSize);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_seq_max", sequences);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_outputs_max", sequences);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_threads", threads);
      Structs.set(Structs.CONTEXT_PARAMS, params, "n_threads_batch", threads);
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
