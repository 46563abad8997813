package dev.leasehold.cli.demo;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for a model's plaintext as a thief would: fingerprints of 16 bytes from all over the file,
 * compared with every byte position of every file that is searched.
 */
final class PlaintextSearch {
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int FINGERPRINTS = 4_096;
  private static final int DISTINCT_BYTES = 8;

  private final Map<Long, Set<Long>> fingerprints = new HashMap<>();
  private int count;
  private long bytesSearched;

  /** Takes fingerprints of a model; stretches with little variety are passed over. */
  PlaintextSearch(Path model) throws IOException {
    byte[] plain = Files.readAllBytes(model);
    MemorySegment all = MemorySegment.ofArray(plain);
    long step = Math.max(16, all.byteSize() / FINGERPRINTS);
    for (long at = 0; at + 16 <= all.byteSize(); at += step) {
      Set<Byte> distinct = new HashSet<>();
      for (int i = 0; i < 16; i++) {
        distinct.add(all.get(ValueLayout.JAVA_BYTE, at + i));
      }
      if (distinct.size() >= DISTINCT_BYTES) {
        fingerprints
            .computeIfAbsent(all.get(WORD, at), k -> new HashSet<>())
            .add(all.get(WORD, at + 8));
        count++;
      }
    }
  }

  int fingerprints() {
    return count;
  }

  /** Bytes compared by all searches so far. */
  long bytesSearched() {
    return bytesSearched;
  }

  /** Every regular file below the folders that holds a fingerprint. */
  List<Path> search(List<Path> folders) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path file : walk.filter(Files::isRegularFile).toList()) {
          if (holdsFingerprint(file)) {
            found.add(file);
          }
        }
      }
    }
    return found;
  }

  private boolean holdsFingerprint(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      if (channel.size() < 16) {
        return false;
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      bytesSearched += bytes.byteSize();
      for (long at = 0; at + 16 <= bytes.byteSize(); at++) {
        Set<Long> rest = fingerprints.get(bytes.get(WORD, at));
        if (rest != null && rest.contains(bytes.get(WORD, at + 8))) {
          return true;
        }
      }
      return false;
    }
  }
}
