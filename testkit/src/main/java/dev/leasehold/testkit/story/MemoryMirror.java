package dev.leasehold.testkit.story;

import dev.leasehold.core.audit.LogMirror;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A monitor's folder without a disk. */
public final class MemoryMirror implements LogMirror {
  public final List<Bytes> entries = new ArrayList<>();
  public final List<String> contradictions = new ArrayList<>();
  private Optional<String> checkpoint = Optional.empty();

  @Override
  public Optional<String> checkpoint() {
    return checkpoint;
  }

  @Override
  public void read(long from, long to, Taker taker) throws IOException, Malformed {
    for (Bytes entry : List.copyOf(entries.subList((int) from, (int) to))) {
      taker.take(entry.toArray());
    }
  }

  @Override
  public void write(long from, List<Bytes> more) {
    entries.subList((int) from, entries.size()).clear();
    entries.addAll(more);
  }

  @Override
  public void accept(String note) {
    checkpoint = Optional.of(note);
  }

  @Override
  public void keepContradiction(String note) {
    contradictions.add(note);
  }
}
