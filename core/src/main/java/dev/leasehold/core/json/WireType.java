package dev.leasehold.core.json;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How one Java type is written in protocol JSON (protocol §4.1). */
sealed interface WireType {

  Object decode(String path, Json value) throws Malformed;

  Json encode(Object value);

  static WireType of(Type type, int maxBytes) {
    return switch (type) {
      case ParameterizedType p when p.getRawType() == Optional.class ->
          new Absent(of(p.getActualTypeArguments()[0], maxBytes));
      case ParameterizedType p when p.getRawType() == List.class ->
          new ListOf(of(p.getActualTypeArguments()[0], maxBytes));
      case ParameterizedType p when p.getRawType() == Map.class ->
          new MapOf(of(p.getActualTypeArguments()[1], maxBytes));
      case Class<?> c when c == long.class || c == Long.class -> new Whole();
      case Class<?> c when c == boolean.class -> new Flag();
      case Class<?> c when c == String.class -> new Text(maxBytes);
      case Class<?> c when c == Json.Obj.class -> new Raw();
      case Class<?> c when c == Bytes.class -> new Base64Text();
      case Class<?> c when c == Hash.class -> new Spelled(Hash::new);
      case Class<?> c when c == Id.class -> new Spelled(Id::new);
      case Class<?> c when c == Nonce.class -> new Spelled(Nonce::new);
      case Class<?> c when c == HexBytes.class -> new Spelled(HexBytes::new);
      case Class<?> c when c.isEnum() -> Choice.of(c);
      case Class<?> c when c.isRecord() -> new Nested(c.asSubclass(Record.class));
      default -> throw new IllegalStateException("no wire form for " + type);
    };
  }

  private static String text(String path, Json value) throws Malformed {
    if (value instanceof Json.Str(String s)) {
      return s;
    }
    throw new Malformed(path, "a string", value.write());
  }

  /** A non-negative integer. */
  record Whole() implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      if (value instanceof Json.Int(long n)) {
        return n;
      }
      throw new Malformed(path, "a whole number", value.write());
    }

    @Override
    public Json encode(Object value) {
      return new Json.Int((Long) value);
    }
  }

  /** {@code true} or {@code false}. */
  record Flag() implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      if (value instanceof Json.Bool(boolean b)) {
        return b;
      }
      throw new Malformed(path, "true or false", value.write());
    }

    @Override
    public Json encode(Object value) {
      return new Json.Bool((Boolean) value);
    }
  }

  /** Free text of bounded length. */
  record Text(int maxBytes) implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      String s = text(path, value);
      int bytes = s.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxBytes) {
        throw new Malformed(path, "at most " + maxBytes + " bytes", bytes + " bytes");
      }
      return s;
    }

    @Override
    public Json encode(Object value) {
      return new Json.Str((String) value);
    }
  }

  /** An object that is checked elsewhere. */
  record Raw() implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      if (value instanceof Json.Obj obj) {
        return obj;
      }
      throw new Malformed(path, "an object", value.write());
    }

    @Override
    public Json encode(Object value) {
      return (Json.Obj) value;
    }
  }

  /** {@code b64}. */
  record Base64Text() implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      return Bytes.fromBase64(path, text(path, value));
    }

    @Override
    public Json encode(Object value) {
      return new Json.Str(((Bytes) value).base64());
    }
  }

  /** A value type whose constructor checks its spelling and whose toString is that spelling. */
  record Spelled(Function<String, Object> parse) implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      String s = text(path, value);
      try {
        return parse.apply(s);
      } catch (IllegalArgumentException e) {
        throw new Malformed(path, String.valueOf(e.getMessage()), s);
      }
    }

    @Override
    public Json encode(Object value) {
      return new Json.Str(value.toString());
    }
  }

  /** One of a fixed set of names. */
  record Choice(Map<String, Object> byName, Map<Object, String> names) implements WireType {
    static Choice of(Class<?> type) {
      Map<String, Object> byName = new LinkedHashMap<>();
      Map<Object, String> names = new LinkedHashMap<>();
      for (Object constant : type.getEnumConstants()) {
        String name = name((Enum<?>) constant);
        byName.put(name, constant);
        names.put(constant, name);
      }
      return new Choice(byName, names);
    }

    private static String name(Enum<?> constant) {
      try {
        Wire wire =
            constant.getDeclaringClass().getField(constant.name()).getAnnotation(Wire.class);
        return wire == null ? constant.name() : wire.value();
      } catch (NoSuchFieldException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Object decode(String path, Json value) throws Malformed {
      String s = text(path, value);
      Object constant = byName.get(s);
      if (constant == null) {
        throw new Malformed(path, "one of " + byName.keySet(), s);
      }
      return constant;
    }

    @Override
    public Json encode(Object value) {
      String name = names.get(value);
      if (name == null) {
        throw new IllegalStateException("no name for " + value);
      }
      return new Json.Str(name);
    }
  }

  /** A value that may be absent, which is written {@code ""} (or {@code {}} for an object). */
  record Absent(WireType present) implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      boolean absent =
          present instanceof Nested
              ? value instanceof Json.Obj(var members) && members.isEmpty()
              : value instanceof Json.Str(String s) && s.isEmpty();
      return absent ? Optional.empty() : Optional.of(present.decode(path, value));
    }

    @Override
    public Json encode(Object value) {
      Optional<?> o = (Optional<?>) value;
      if (o.isPresent()) {
        return present.encode(o.get());
      }
      return present instanceof Nested ? Json.Obj.EMPTY : new Json.Str("");
    }
  }

  /** An array. */
  record ListOf(WireType item) implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      if (!(value instanceof Json.Arr(var items))) {
        throw new Malformed(path, "an array", value.write());
      }
      List<Object> out = new ArrayList<>();
      for (Json i : items) {
        out.add(item.decode(path + "[" + out.size() + "]", i));
      }
      return List.copyOf(out);
    }

    @Override
    public Json encode(Object value) {
      return Json.Arr.of(((List<?>) value).stream().map(item::encode).toList());
    }
  }

  /** An object whose keys are data. */
  record MapOf(WireType item) implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      if (!(value instanceof Json.Obj(var members))) {
        throw new Malformed(path, "an object", value.write());
      }
      Map<String, Object> out = new LinkedHashMap<>();
      for (var e : members.entrySet()) {
        out.put(e.getKey(), item.decode(path + "." + e.getKey(), e.getValue()));
      }
      return Collections.unmodifiableMap(out);
    }

    @Override
    public Json encode(Object value) {
      Map<String, Json> out = new LinkedHashMap<>();
      ((Map<?, ?>) value).forEach((k, v) -> out.put((String) k, item.encode(v)));
      return new Json.Obj(out);
    }
  }

  /** A record within a record. */
  record Nested(Class<? extends Record> type) implements WireType {
    @Override
    public Object decode(String path, Json value) throws Malformed {
      if (value instanceof Json.Obj obj) {
        return Codec.of(type).decode(path, obj);
      }
      throw new Malformed(path, "an object", value.write());
    }

    @Override
    public Json encode(Object value) {
      return encodeAs(type, value);
    }

    private static <R extends Record> Json encodeAs(Class<R> type, Object value) {
      return Codec.of(type).encode(type.cast(value));
    }
  }
}
