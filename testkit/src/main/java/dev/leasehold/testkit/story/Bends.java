package dev.leasehold.testkit.story;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Lies: what is changed in a statement before it is signed. Everything later follows from it. */
public final class Bends {
  private final Map<Class<?>, UnaryOperator<Object>> byKind = new HashMap<>();

  /** Changes one component of the statements of this kind that are meant. */
  public <T extends Record, V> Bends bend(
      Class<T> kind, Predicate<T> meant, String component, UnaryOperator<V> change) {
    UnaryOperator<Object> before = byKind.getOrDefault(kind, UnaryOperator.identity());
    byKind.put(
        kind,
        o -> {
          T body = kind.cast(before.apply(o));
          return meant.test(body) ? with(body, component, change) : body;
        });
    return this;
  }

  <T extends Record> T apply(Class<T> kind, T body) {
    return kind.cast(byKind.getOrDefault(kind, UnaryOperator.identity()).apply(body));
  }

  /** A copy of a record that differs in one component. */
  public static <T extends Record, V> T with(T body, String component, UnaryOperator<V> change) {
    @SuppressWarnings("unchecked") // a wrong type is a mistake in the test that bends
    V value = (V) Objects.requireNonNull(values(body).get(component));
    return with(body, Map.of(component, change.apply(value)));
  }

  /** A copy of a record that differs in these components. */
  public static <T extends Record> T with(T body, Map<String, ?> changed) {
    Map<String, Object> values = values(body);
    values.putAll(changed);
    @SuppressWarnings("unchecked") // the class of an object is the class of its own type
    Class<T> type = (Class<T>) body.getClass();
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values.values().toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> values(Record body) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (RecordComponent c : body.getClass().getRecordComponents()) {
      try {
        out.put(c.getName(), c.getAccessor().invoke(body));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return out;
  }
}
