package dev.leasehold.enclave.model.llama;

import dev.leasehold.enclave.model.engine.Vocabulary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary inside a GGUF file. llama.cpp's tokenizer is thread-safe; after its engine is
 * closed every call throws.
 */
final class LlamaVocabulary implements Vocabulary {
  private static final int PIECE_BYTES = 64;

  private final Llama llama;
  private final MemorySegment pointer;
  private final int size;
  private final @Nullable String chatTemplate;

  LlamaVocabulary(Llama llama, MemorySegment model, Arena life) {
    this.llama = llama;
    pointer = llama.vocabulary(model).reinterpret(life, null);
    size = llama.vocabularySize(pointer);
    String template = llama.chatTemplate(model);
    chatTemplate = template.isEmpty() ? null : template;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int[] tokenize(String text, boolean special) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, utf8);
      MemorySegment tokens = arena.allocate(ValueLayout.JAVA_INT, utf8.length + 8L);
      int count = llama.tokenize(pointer, bytes, tokens, special);
      if (count < 0) {
        tokens = arena.allocate(ValueLayout.JAVA_INT, Math.negateExact(count));
        count = llama.tokenize(pointer, bytes, tokens, special);
      }
      return tokens.asSlice(0, (long) count * Integer.BYTES).toArray(ValueLayout.JAVA_INT);
    }
  }

  @Override
  public byte[] piece(int token) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(PIECE_BYTES);
      int count = llama.tokenToPiece(pointer, token, bytes);
      if (count < 0) {
        bytes = arena.allocate(Math.negateExact(count));
        count = llama.tokenToPiece(pointer, token, bytes);
      }
      return bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Override
  public boolean endsText(int token) {
    return llama.isEndOfGeneration(pointer, token);
  }

  @Override
  public boolean addsBeginning() {
    return llama.addsBeginning(pointer);
  }

  @Override
  public int beginning() {
    return llama.beginning(pointer);
  }

  @Override
  public String endName() {
    int end = llama.end(pointer);
    return end < 0 ? "" : llama.text(pointer, end);
  }

  @Override
  public @Nullable String chatTemplate() {
    return chatTemplate;
  }
}
