package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A monitor's own copy of a log: the entries, and the newest checkpoint it accepted. What is behind
 * that checkpoint may be there in part and counts for nothing.
 */
public interface LogMirror {
  /** Takes entries one by one. */
  @FunctionalInterface
  interface Taker {
    void take(byte[] entry) throws IOException, Malformed;
  }

  /** The note of the newest accepted checkpoint. */
  Optional<String> checkpoint() throws IOException;

  /** Hands over the entries with index {@code from} to {@code to}, the latter excluded. */
  void read(long from, long to, Taker taker) throws IOException, Malformed;

  /** Writes entries in place of those from index {@code from} on. */
  void write(long from, List<Bytes> entries) throws IOException;

  /** Makes all that was written durable, then this checkpoint the newest one accepted. */
  void accept(String note) throws IOException;

  /** Keeps a note that contradicts the newest accepted one: the two together are the proof. */
  void keepContradiction(String note) throws IOException;
}
