package dev.leasehold.core.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An immutable JSON value. {@link #write} is compact and keeps the order of members. */
public sealed interface Json {

  /** The value without insignificant whitespace. */
  default String write() {
    StringBuilder out = new StringBuilder(1_024);
    JsonWriter.write(this, out);
    return out.toString();
  }

  /** An object; members keep their order. */
  record Obj(Map<String, Json> members) implements Json {
    public static final Obj EMPTY = new Obj(Map.of());

    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /** A copy with one more (or one replaced) member at its end (or place). */
    public Obj with(String name, Json value) {
      Map<String, Json> copy = new LinkedHashMap<>(members);
      copy.put(name, value);
      return new Obj(copy);
    }

    public Obj with(String name, String value) {
      return with(name, new Str(value));
    }

    public Obj with(String name, long value) {
      return with(name, new Int(value));
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }

    public static Arr of(List<? extends Json> items) {
      return new Arr(new ArrayList<>(items));
    }
  }

  /** A string. */
  record Str(String value) implements Json {}

  /** A whole number. */
  record Int(long value) implements Json {}

  /** Any other number; never in a protocol message. */
  record Real(double value) implements Json {}

  /** {@code true} or {@code false}. */
  record Bool(boolean value) implements Json {}

  /** {@code null}; never in a protocol message. */
  enum Null implements Json {
    NULL
  }
}
