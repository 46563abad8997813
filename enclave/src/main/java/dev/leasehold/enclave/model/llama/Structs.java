package dev.leasehold.enclave.model.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The three structs of llama.h that cross the border, as of llama.cpp v0.5.0. They change between
 * releases, silently: {@link Llama} compares the defaults the library fills in with those below
 * before it uses them.
 */
final class Structs {
  static final StructLayout MODEL_PARAMS =
      struct(
          pointers("devices", "tensor_buft_overrides"),
          ints("n_gpu_layers", "split_mode", "load_mode", "lazy_mode", "main_gpu"),
          padding(4),
          pointers("tensor_split", "progress_callback", "progress_user_data", "kv_overrides"),
          booleans(
              "vocab_only", "check_tensors", "use_extra_bufts", "no_host", "no_alloc", "load_mtp"),
          padding(2));

  static final StructLayout CONTEXT_PARAMS =
      struct(
          ints("n_ctx", "n_batch", "n_ubatch", "n_seq_max", "n_rs_seq", "n_outputs_max"),
          ints("n_outputs_max_per_seq", "n_threads", "n_threads_batch", "ctx_type"),
          ints("rope_scaling_type", "pooling_type", "attention_type", "flash_attn_type"),
          floats("rope_freq_base", "rope_freq_scale", "yarn_ext_factor", "yarn_attn_factor"),
          floats("yarn_beta_fast", "yarn_beta_slow"),
          ints("yarn_orig_ctx"),
          floats("defrag_thold"),
          pointers("cb_eval", "cb_eval_user_data"),
          ints("type_k", "type_v"),
          pointers("abort_callback", "abort_callback_data"),
          booleans("embeddings", "offload_kqv", "no_perf", "op_offload", "swa_full", "kv_unified"),
          padding(2),
          pointers("samplers"),
          longs("n_samplers"),
          pointers("ctx_other"));

  static final StructLayout BATCH =
      struct(
          ints("n_tokens"),
          padding(4),
          pointers("token", "embd", "pos", "n_seq_id", "seq_id", "logits"));

  private Structs() {}

  /** What {@code llama_model_default_params} of this release returns. */
  static void checkModelDefaults(MemorySegment p) {
    expect(MODEL_PARAMS, p, "n_gpu_layers", -1);
    expect(MODEL_PARAMS, p, "split_mode", 1);
    expect(MODEL_PARAMS, p, "load_mode", -1);
    expect(MODEL_PARAMS, p, "lazy_mode", 1);
    expect(MODEL_PARAMS, p, "main_gpu", 0);
    expect(MODEL_PARAMS, p, "kv_overrides", MemorySegment.NULL);
    expect(MODEL_PARAMS, p, "check_tensors", false);
    expect(MODEL_PARAMS, p, "use_extra_bufts", true);
    expect(MODEL_PARAMS, p, "load_mtp", false);
  }

  /** What {@code llama_context_default_params} of this release returns. */
  static void checkContextDefaults(MemorySegment p) {
    expect(CONTEXT_PARAMS, p, "n_ctx", 512);
    expect(CONTEXT_PARAMS, p, "n_batch", 2048);
    expect(CONTEXT_PARAMS, p, "n_ubatch", 512);
    expect(CONTEXT_PARAMS, p, "n_seq_max", 1);
    expect(CONTEXT_PARAMS, p, "n_outputs_max_per_seq", 1);
    expect(CONTEXT_PARAMS, p, "n_threads", 4);
    expect(CONTEXT_PARAMS, p, "rope_scaling_type", -1);
    expect(CONTEXT_PARAMS, p, "flash_attn_type", -1);
    expect(CONTEXT_PARAMS, p, "yarn_ext_factor", -1f);
    expect(CONTEXT_PARAMS, p, "defrag_thold", -1f);
    expect(CONTEXT_PARAMS, p, "type_k", 1);
    expect(CONTEXT_PARAMS, p, "type_v", 1);
    expect(CONTEXT_PARAMS, p, "embeddings", false);
    expect(CONTEXT_PARAMS, p, "offload_kqv", true);
    expect(CONTEXT_PARAMS, p, "swa_full", true);
    expect(CONTEXT_PARAMS, p, "kv_unified", false);
    expect(CONTEXT_PARAMS, p, "n_samplers", 0L);
    expect(CONTEXT_PARAMS, p, "ctx_other", MemorySegment.NULL);
  }

  static void set(StructLayout layout, MemorySegment struct, String field, Object value) {
    layout.varHandle(PathElement.groupElement(field)).set(struct, 0L, value);
  }

  private static void expect(
      StructLayout layout, MemorySegment struct, String field, Object expected) {
    Object found = layout.varHandle(PathElement.groupElement(field)).get(struct, 0L);
    if (!expected.equals(found)) {
      throw new IllegalStateException(
          "llama.cpp default of "
              + field
              + ": expected "
              + expected
              + ", found "
              + found
              + "; the library is not the release this binding was written for");
    }
  }

  private static StructLayout struct(MemoryLayout[]... parts) {
    return MemoryLayout.structLayout(
        Arrays.stream(parts).flatMap(Arrays::stream).toArray(MemoryLayout[]::new));
  }

  private static MemoryLayout[] pointers(String... names) {
    return named(ADDRESS, names);
  }

  private static MemoryLayout[] ints(String... names) {
    return named(JAVA_INT, names);
  }

  private static MemoryLayout[] longs(String... names) {
    return named(JAVA_LONG, names);
  }

  private static MemoryLayout[] floats(String... names) {
    return named(JAVA_FLOAT, names);
  }

  private static MemoryLayout[] booleans(String... names) {
    return named(JAVA_BOOLEAN, names);
  }

  private static MemoryLayout[] named(ValueLayout layout, String... names) {
    return Arrays.stream(names).map(layout::withName).toArray(MemoryLayout[]::new);
  }

  private static MemoryLayout[] padding(long bytes) {
    return new MemoryLayout[] {MemoryLayout.paddingLayout(bytes)};
  }
}
