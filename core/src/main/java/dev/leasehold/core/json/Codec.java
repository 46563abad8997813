package dev.leasehold.core.json;

import dev.leasehold.core.bytes.Malformed;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A record class read as a schema: its components, in order, are the members of a JSON object, all
 * mandatory and no others allowed. What a component type looks like on the wire is in {@link
 * WireType}; what values it may take is the record's own constructor.
 */
public final class Codec<T extends Record> {
  /** Strings are at most this long unless the component says otherwise (protocol §4.1). */
  public static final int DEFAULT_MAX_BYTES = 500;

  private static final Map<Class<?>, Codec<?>> CODECS = new ConcurrentHashMap<>();

  private record Member(String name, RecordComponent component, WireType type) {}

  private final Class<T> type;
  private final List<Member> members;
  private final Constructor<T> constructor;

  private Codec(Class<T> type) {
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    this.members = Arrays.stream(components).map(Codec::member).toList();
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked") // the map holds under each class the codec of that class
  public static <T extends Record> Codec<T> of(Class<T> type) {
    Codec<?> known = CODECS.get(type);
    if (known == null) {
      known = new Codec<>(type);
      CODECS.put(type, known);
    }
    return (Codec<T>) known;
  }

  /** Reads exactly the members of the record; {@code path} names the object in errors. */
  public T decode(String path, Json.Obj object) throws Malformed {
    List<String> names = new ArrayList<>();
    Object[] values = new Object[members.size()];
    for (int i = 0; i < values.length; i++) {
      Member m = members.get(i);
      names.add(m.name);
      String at = path + "." + m.name;
      Json value =
          object
              .get(m.name)
              .orElseThrow(() -> new Malformed(at, "a value (all fields are mandatory)", "none"));
      values[i] = m.type.decode(at, value);
    }
    for (String name : object.members().keySet()) {
      if (!names.contains(name)) {
        throw new Malformed(path + "." + name, "only " + names, "an unknown field");
      }
    }
    return construct(path, values);
  }

  /** The record as an object with its members in declaration order. */
  public Json.Obj encode(T value) {
    Map<String, Json> out = new LinkedHashMap<>();
    for (Member m : members) {
      out.put(m.name, m.type.encode(component(m.component, value)));
    }
    return new Json.Obj(out);
  }

  private T construct(String path, Object[] values) throws Malformed {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException rule) {
        throw new Malformed(
            path,
            "values that obey the rules of " + type.getSimpleName(),
            String.valueOf(rule.getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Member member(RecordComponent c) {
    Wire wire = c.getAnnotation(Wire.class);
    MaxBytes max = c.getAnnotation(MaxBytes.class);
    c.getAccessor().setAccessible(true);
    return new Member(
        wire == null ? c.getName() : wire.value(),
        c,
        WireType.of(c.getGenericType(), max == null ? DEFAULT_MAX_BYTES : max.value()));
  }

  private static Object component(RecordComponent c, Record value) {
    try {
      return c.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
