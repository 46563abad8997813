package dev.leasehold.enclave.model.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A reusable {@code llama_batch}: the tokens of one step. */
final class LlamaBatch {
  private final MemorySegment struct;
  private final MemorySegment tokens;
  private final MemorySegment positions;
  private final MemorySegment sequences;
  private final MemorySegment outputs;
  private final int capacity;
  private int size;

  LlamaBatch(Arena arena, int capacity) {
    this.capacity = capacity;
    struct = arena.allocate(Structs.BATCH);
    tokens = arena.allocate(JAVA_INT, capacity);
    positions = arena.allocate(JAVA_INT, capacity);
    sequences = arena.allocate(JAVA_INT, capacity);
    outputs = arena.allocate(JAVA_BYTE, capacity);
    MemorySegment counts = arena.allocate(JAVA_INT, capacity);
    MemorySegment pointers = arena.allocate(ADDRESS, capacity);
    for (int i = 0; i < capacity; i++) {
      counts.setAtIndex(JAVA_INT, i, 1);
      pointers.setAtIndex(ADDRESS, i, sequences.asSlice((long) i * Integer.BYTES));
    }
    Structs.set(Structs.BATCH, struct, "token", tokens);
    Structs.set(Structs.BATCH, struct, "pos", positions);
    Structs.set(Structs.BATCH, struct, "n_seq_id", counts);
    Structs.set(Structs.BATCH, struct, "seq_id", pointers);
    Structs.set(Structs.BATCH, struct, "logits", outputs);
  }

  void clear() {
    size = 0;
    struct.set(JAVA_INT, 0, 0);
  }

  void add(int token, int position, int sequence, boolean output) {
    if (size == capacity) {
      throw new IllegalArgumentException("a step takes at most " + capacity + " tokens");
    }
    tokens.setAtIndex(JAVA_INT, size, token);
    positions.setAtIndex(JAVA_INT, size, position);
    sequences.setAtIndex(JAVA_INT, size, sequence);
    outputs.set(JAVA_BYTE, size, (byte) (output ? 1 : 0));
    struct.set(JAVA_INT, 0, ++size);
  }

  MemorySegment struct() {
    return struct;
  }
}
