package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.HexBytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What evidence says, field by field under stable camel-case names, in the order of its format.
 * Bytes are lowercase hex.
 */
public final class Fields {
  private final Map<String, Value> values;

  private Fields(Map<String, Value> values) {
    this.values = values;
  }

  /** One value. */
  public sealed interface Value {
    record Text(String text) implements Value {}

    record Count(long number) implements Value {}

    record Flag(boolean set) implements Value {}

    record Texts(List<String> texts) implements Value {
      public Texts {
        texts = List.copyOf(texts);
      }
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  public Map<String, Value> values() {
    return values;
  }

  /** Collects fields; a name may occur once. */
  public static final class Builder {
    private final Map<String, Value> values = new LinkedHashMap<>();

    private Builder() {}

    public Builder hex(String name, HexBytes value) {
      return put(name, new Value.Text(value.hex()));
    }

    public Builder hex(String name, byte[] value) {
      return hex(name, HexBytes.of(value));
    }

    public Builder text(String name, String value) {
      return put(name, new Value.Text(value));
    }

    public Builder number(String name, long value) {
      return put(name, new Value.Count(value));
    }

    public Builder flag(String name, boolean value) {
      return put(name, new Value.Flag(value));
    }

    public Builder texts(String name, List<String> value) {
      return put(name, new Value.Texts(value));
    }

    /** Every field of {@code other}, after those given so far. */
    public Builder all(Fields other) {
      other.values.forEach(this::put);
      return this;
    }

    public Fields build() {
      return new Fields(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    private Builder put(String name, Value value) {
      if (values.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException("field " + name + " twice");
      }
      return this;
    }
  }
}
