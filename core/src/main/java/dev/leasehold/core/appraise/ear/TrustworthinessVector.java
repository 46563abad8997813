package dev.leasehold.core.appraise.ear;

import dev.leasehold.core.json.Json;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One value for each claim that is made (draft-ietf-rats-ar4si-10 §3.1). A claim that is absent is
 * not made at all.
 */
public record TrustworthinessVector(Map<TrustworthinessClaim, Integer> values) {
  /** §2.3.3: the worse tier wins, then a standard value, then the reason that was found first. */
  private static final Comparator<Integer> WORST_LAST =
      Comparator.<Integer, TrustworthinessTier>comparing(TrustworthinessTier::of)
          .thenComparing(v -> v >= 0);

  public TrustworthinessVector {
    values = Collections.unmodifiableMap(new EnumMap<>(values));
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a vector without a claim");
    }
    values.forEach((claim, value) -> {
      if (value < Byte.MIN_VALUE || value > Byte.MAX_VALUE) {
        throw new IllegalArgumentException(claim + ": expected -128 to 127, found " + value);
      }
    });
  }

  /** The tier of the worst claim. */
  public TrustworthinessTier tier() {
    return values.values().stream()
        .map(TrustworthinessTier::of)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  Json.Obj toJson() {
    Map<String, Json> out = new LinkedHashMap<>();
    values.forEach((claim, value) -> out.put(claim.word(), new Json.Int(value)));
    return new Json.Obj(out);
  }

  /** Collects values; of several for one claim the worst is kept. */
  static final class Builder {
    private final Map<TrustworthinessClaim, Integer> values =
        new EnumMap<>(TrustworthinessClaim.class);

    Builder put(TrustworthinessClaim claim, int value) {
      values.merge(claim, value, (a, b) -> WORST_LAST.compare(a, b) >= 0 ? a : b);
      return this;
    }

    TrustworthinessVector build() {
      return new TrustworthinessVector(values);
    }
  }
}
