package dev.leasehold.core.seal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Where sealed chunks come from. Not trusted: whatever it delivers is verified. */
@FunctionalInterface
public interface ChunkSource {
  /**
   * Fills {@code into}, whose size is exactly that of the chunk with its tag, or fails; called for
   * each index once, in order.
   */
  void read(long index, MemorySegment into) throws IOException;
}
