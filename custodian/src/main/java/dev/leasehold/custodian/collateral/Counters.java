package dev.leasehold.custodian.collateral;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What came of the requests since the start, by service. */
public final class Counters {
  private final Map<Source, Map<Result, LongAdder>> counts = new EnumMap<>(Source.class);

  /** How a request ended. */
  public enum Result {
    /** Proven and kept. */
    NEW,
    /** The vendor says that what is held is current. */
    UNCHANGED,
    /** Proven, but older than what is held. */
    OLDER,
    /** Not proven: malformed, tampered with, expired, or something else than was asked for. */
    REFUSED,
    /** The vendor asks to slow down. */
    THROTTLED,
    /** No whole answer, or an error of the vendor's. */
    FAILED,
    /** The vendor knows no such item. */
    UNKNOWN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Counters() {
    for (Source s : Source.values()) {
      Map<Result, LongAdder> row = new EnumMap<>(Result.class);
      for (Result r : Result.values()) {
        row.put(r, new LongAdder());
      }
      counts.put(s, row);
    }
  }

  public long get(Source source, Result result) {
    return counter(source, result).sum();
  }

  void count(Source source, Result result) {
    counter(source, result).increment();
  }

  private LongAdder counter(Source source, Result result) {
    Map<Result, LongAdder> row = counts.get(source);
    LongAdder adder = row == null ? null : row.get(result);
    if (adder == null) {
      throw new IllegalStateException("no counter of " + source + " " + result);
    }
    return adder;
  }
}
