package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.PackageRefused.Check;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Gathers {@code u32 indexLen ‖ index JSON} from the first chunks. */
final class IndexCollector {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final long plainBytes;
  private byte[] json = {};
  private int filled = -1;

  IndexCollector(long plainBytes) {
    this.plainBytes = plainBytes;
  }

  boolean isComplete() {
    return filled == json.length;
  }

  /** Returns how many bytes of the chunk belonged to the index. */
  long take(MemorySegment chunk) throws PackageRefused {
    long used = 0;
    if (filled < 0) {
      json = new byte[length(chunk)];
      filled = 0;
      used = Integer.BYTES;
    }
    int n = (int) Math.min(json.length - filled, chunk.byteSize() - used);
    MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, used, json, filled, n);
    filled += n;
    return used + n;
  }

  /** The length is compared with what the stream can hold before anything is allocated. */
  private int length(MemorySegment chunk) throws PackageRefused {
    long room = Math.min(PackageIndex.MAX_BYTES, plainBytes - Integer.BYTES);
    long length = chunk.byteSize() < Integer.BYTES ? -1 : Integer.toUnsignedLong(chunk.get(U32, 0));
    if (length < 0 || length > room) {
      throw new PackageRefused(Check.INDEX, "indexLen", "at most " + room, length);
    }
    return (int) length;
  }

  PackageIndex index() throws PackageRefused {
    try {
      return PackageIndex.parse(json);
    } catch (Malformed e) {
      throw new PackageRefused(Check.INDEX, e.field(), e.expected(), e.found());
    }
  }
}
