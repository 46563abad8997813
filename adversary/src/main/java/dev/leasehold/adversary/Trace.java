package dev.leasehold.adversary;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What happened in a run, a line a move; equal runs have equal traces. */
public final class Trace {
  private final List<String> lines = new ArrayList<>();

  void add(String line) {
    lines.add(line);
  }

  public String text() {
    return String.join("\n", lines);
  }

  public Hash hash() {
    return Digests.sha256(text().getBytes(StandardCharsets.UTF_8));
  }
}
