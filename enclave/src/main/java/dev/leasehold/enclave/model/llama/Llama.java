package dev.leasehold.enclave.model.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.leasehold.enclave.model.engine.Natives;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of llama.h that Leasehold calls, one method a function, nothing more. The only class
 * that loads llama.cpp. Its methods take raw pointers; {@link LlamaContext} makes them safe.
 */
final class Llama {
  static final String VERSION = "0.5.0-dev";

  private static final Linker LINKER = Linker.nativeLinker();
  private static final String LIBRARY = "libllama.v0.5.0.so";

  /**
   * Loaded by name before llama.cpp: its libraries have an empty entry in their RUNPATH, so they
   * would look for these in the current directory, which belongs to the host.
   */
  private static final List<String> PRELOAD =
      List.of("libm.so.6", "libgcc_s.so.1", "libstdc++.so.6");

  private final MethodHandle modelDefaultParams;
  private final MethodHandle contextDefaultParams;
  private final MethodHandle modelLoadFromSplits;
  private final MethodHandle modelFree;
  private final MethodHandle initFromModel;
  private final MethodHandle free;
  private final MethodHandle decode;
  private final MethodHandle logits;
  private final MethodHandle getMemory;
  private final MethodHandle memoryClear;
  private final MethodHandle memoryRemove;
  private final MethodHandle contextPerSequence;
  private final MethodHandle trainedContext;
  private final MethodHandle modelVocab;
  private final MethodHandle vocabSize;
  private final MethodHandle tokenize;
  private final MethodHandle tokenToPiece;
  private final MethodHandle isEndOfGeneration;
  private final MethodHandle addsBeginning;
  private final MethodHandle beginning;
  private final MethodHandle end;
  private final MethodHandle text;
  private final MethodHandle chatTemplate;

  /**
   * Loads the libraries, for the life of the process, and checks that they are the expected ones.
   */
  Llama(Natives natives) {
    refuseEnvironment();
    Arena process = Arena.global();
    PRELOAD.forEach(name -> SymbolLookup.libraryLookup(name, process));
    SymbolLookup base = lookup(natives, "libggml-base.so", process);
    SymbolLookup ggml = lookup(natives, "libggml.v0.5.0.so", process);
    SymbolLookup llama = lookup(natives, LIBRARY, process);
    checkVersion(llama);

    modelDefaultParams = bind(llama, "llama_model_default_params", Structs.MODEL_PARAMS);
    contextDefaultParams = bind(llama, "llama_context_default_params", Structs.CONTEXT_PARAMS);
    modelLoadFromSplits =
        bind(
            llama,
            "llama_model_load_from_splits",
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            Structs.MODEL_PARAMS);
    modelFree = bindVoid(llama, "llama_model_free", ADDRESS);
    initFromModel = bind(llama, "llama_init_from_model", ADDRESS, ADDRESS, Structs.CONTEXT_PARAMS);
    free = bindVoid(llama, "llama_free", ADDRESS);
    decode = bind(llama, "llama_decode", JAVA_INT, ADDRESS, Structs.BATCH);
    logits = bind(llama, "llama_get_logits_ith", ADDRESS, ADDRESS, JAVA_INT);
    getMemory = bind(llama, "llama_get_memory", ADDRESS, ADDRESS);
    memoryClear = bindVoid(llama, "llama_memory_clear", ADDRESS, JAVA_BOOLEAN);
    memoryRemove =
        bind(llama, "llama_memory_seq_rm", JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    contextPerSequence = bind(llama, "llama_n_ctx_seq", JAVA_INT, ADDRESS);
    trainedContext = bind(llama, "llama_model_n_ctx_train", JAVA_INT, ADDRESS);
    modelVocab = bind(llama, "llama_model_get_vocab", ADDRESS, ADDRESS);
    vocabSize = bind(llama, "llama_vocab_n_tokens", JAVA_INT, ADDRESS);
    tokenize =
        bind(
            llama,
            "llama_tokenize",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_BOOLEAN,
            JAVA_BOOLEAN);
    tokenToPiece =
        bind(
            llama,
            "llama_token_to_piece",
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_BOOLEAN);
    isEndOfGeneration = bind(llama, "llama_vocab_is_eog", JAVA_BOOLEAN, ADDRESS, JAVA_INT);
    addsBeginning = bind(llama, "llama_vocab_get_add_bos", JAVA_BOOLEAN, ADDRESS);
    beginning = bind(llama, "llama_vocab_bos", JAVA_INT, ADDRESS);
    end = bind(llama, "llama_vocab_eos", JAVA_INT, ADDRESS);
    text = bind(llama, "llama_vocab_get_text", ADDRESS, ADDRESS, JAVA_INT);
    chatTemplate = bind(llama, "llama_model_chat_template", ADDRESS, ADDRESS, ADDRESS);

    silence(llama, base, process);
    call(() -> bindVoid(llama, "llama_backend_init").invoke());
    loadKernels(ggml, natives.folder());
    try (Arena arena = Arena.ofConfined()) {
      Structs.checkModelDefaults(modelDefaultParams(arena));
      Structs.checkContextDefaults(contextDefaultParams(arena));
    }
  }

  MemorySegment modelDefaultParams(Arena arena) {
    return call(() -> (MemorySegment) modelDefaultParams.invoke(arena));
  }

  MemorySegment contextDefaultParams(Arena arena) {
    return call(() -> (MemorySegment) contextDefaultParams.invoke(arena));
  }

  MemorySegment modelLoadFromSplits(MemorySegment paths, long count, MemorySegment params) {
    return call(() -> (MemorySegment) modelLoadFromSplits.invokeExact(paths, count, params));
  }

  void modelFree(MemorySegment model) {
    call(() -> modelFree.invoke(model));
  }

  MemorySegment initFromModel(MemorySegment model, MemorySegment params) {
    return call(() -> (MemorySegment) initFromModel.invokeExact(model, params));
  }

  void free(MemorySegment context) {
    call(() -> free.invoke(context));
  }

  /** Runs the model: 0 done, 1 no room, 2 aborted, negative failed. */
  int decode(MemorySegment context, MemorySegment batch) {
    return call(() -> (int) decode.invokeExact(context, batch));
  }

  MemorySegment logits(MemorySegment context, int index, int vocabulary) {
    MemorySegment row = call(() -> (MemorySegment) logits.invokeExact(context, index));
    return row.reinterpret(vocabulary * JAVA_FLOAT.byteSize());
  }

  void memoryClear(MemorySegment context) {
    MemorySegment memory = memory(context);
    call(() -> memoryClear.invoke(memory, true));
  }

  void memoryRemove(MemorySegment context, int sequence) {
    MemorySegment memory = memory(context);
    call(() -> (boolean) memoryRemove.invokeExact(memory, sequence, -1, -1));
  }

  private MemorySegment memory(MemorySegment context) {
    return call(() -> (MemorySegment) getMemory.invokeExact(context));
  }

  int contextPerSequence(MemorySegment context) {
    return call(() -> (int) contextPerSequence.invokeExact(context));
  }

  int trainedContext(MemorySegment model) {
    return call(() -> (int) trainedContext.invokeExact(model));
  }

  MemorySegment vocabulary(MemorySegment model) {
    return call(() -> (MemorySegment) modelVocab.invokeExact(model));
  }

  int vocabularySize(MemorySegment vocabulary) {
    return call(() -> (int) vocabSize.invokeExact(vocabulary));
  }

  /** Returns the number of tokens, negative when {@code tokens} has no room for them. */
  int tokenize(
      MemorySegment vocabulary, MemorySegment utf8, MemorySegment tokens, boolean special) {
    int bytes = Math.toIntExact(utf8.byteSize());
    int room = Math.toIntExact(tokens.byteSize() / Integer.BYTES);
    return call(
        () -> (int) tokenize.invokeExact(vocabulary, utf8, bytes, tokens, room, false, special));
  }

  /** Returns the number of bytes, negative when {@code bytes} has no room for them. */
  int tokenToPiece(MemorySegment vocabulary, int token, MemorySegment bytes) {
    int room = Math.toIntExact(bytes.byteSize());
    return call(() -> (int) tokenToPiece.invokeExact(vocabulary, token, bytes, room, 0, false));
  }

  boolean isEndOfGeneration(MemorySegment vocabulary, int token) {
    return call(() -> (boolean) isEndOfGeneration.invokeExact(vocabulary, token));
  }

  boolean addsBeginning(MemorySegment vocabulary) {
    return call(() -> (boolean) addsBeginning.invokeExact(vocabulary));
  }

  int beginning(MemorySegment vocabulary) {
    return call(() -> (int) beginning.invokeExact(vocabulary));
  }

  int end(MemorySegment vocabulary) {
    return call(() -> (int) end.invokeExact(vocabulary));
  }

  /** How the vocabulary names a token. */
  String text(MemorySegment vocabulary, int token) {
    return string(call(() -> (MemorySegment) text.invokeExact(vocabulary, token)));
  }

  /** The default chat template, empty for none. */
  String chatTemplate(MemorySegment model) {
    return string(call(() -> (MemorySegment) chatTemplate.invokeExact(model, MemorySegment.NULL)));
  }

  /** The environment is the host's: some of these variables load libraries or print tensors. */
  private static void refuseEnvironment() {
    System.getenv().keySet().stream()
        .filter(name -> name.startsWith("GGML_") || name.startsWith("LLAMA_"))
        .findFirst()
        .ifPresent(name -> {
          throw new IllegalStateException(
              "environment: expected no GGML_ or LLAMA_ variable, found " + name + "; unset it");
        });
  }

  private static void checkVersion(SymbolLookup llama) {
    MethodHandle version = bind(llama, "llama_version", ADDRESS);
    String found = string(call(() -> (MemorySegment) version.invokeExact()));
    if (!found.equals(VERSION)) {
      throw new IllegalStateException(
          "llama.cpp version: expected "
              + VERSION
              + ", found "
              + found
              + "; structs differ between releases, so bring the library this was built with");
    }
  }

  /** The library logs to stderr otherwise, and stderr leaves the enclave. */
  private static void silence(SymbolLookup llama, SymbolLookup base, Arena arena) {
    FunctionDescriptor type = FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS);
    MethodHandle nothing =
        MethodHandles.empty(
            MethodType.methodType(void.class, int.class, MemorySegment.class, MemorySegment.class));
    MemorySegment stub = LINKER.upcallStub(nothing, type, arena);
    call(() -> bindVoid(llama, "llama_log_set", ADDRESS, ADDRESS).invoke(stub, MemorySegment.NULL));
    call(() -> bindVoid(base, "ggml_log_set", ADDRESS, ADDRESS).invoke(stub, MemorySegment.NULL));
  }

  /** ggml picks the library of kernels for this processor from the folder. */
  private static void loadKernels(SymbolLookup ggml, Path folder) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(folder.toString());
      call(() -> bindVoid(ggml, "ggml_backend_load_all_from_path", ADDRESS).invoke(path));
    }
    long devices = call(() -> (long) bind(ggml, "ggml_backend_dev_count", JAVA_LONG).invokeExact());
    if (devices == 0) {
      throw new IllegalStateException(
          folder + ": expected kernels for this processor, found none that it can run");
    }
  }

  private static SymbolLookup lookup(Natives natives, String name, Arena arena) {
    return SymbolLookup.libraryLookup(natives.library(name), arena);
  }

  private static MethodHandle bind(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        library.findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  private static MethodHandle bindVoid(
      SymbolLookup library, String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
  }

  private static String string(MemorySegment pointer) {
    return pointer.address() == 0
        ? ""
        : pointer.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.UTF_8);
  }

  private interface Call<R extends @Nullable Object> {
    R run() throws Throwable;
  }

  /** C functions throw nothing: whatever comes is a bug of this binding. */
  private static <R extends @Nullable Object> R call(Call<R> call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
