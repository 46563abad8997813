package dev.leasehold.consumer;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Copies of records with one component changed. */
final class Bend {
  private Bend() {}

  /** A change of one component, named as in Java. */
  static <T extends Record> UnaryOperator<T> field(String name, Object value) {
    return honest -> with(honest, name, value);
  }

  @SuppressWarnings("unchecked") // the canonical constructor of T makes a T
  private static <T extends Record> T with(T honest, String name, Object value) {
    RecordComponent[] components = honest.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    boolean found = false;
    try {
      for (int i = 0; i < values.length; i++) {
        boolean here = components[i].getName().equals(name);
        found |= here;
        values[i] = here ? value : components[i].getAccessor().invoke(honest);
      }
      if (!found) {
        throw new IllegalArgumentException("no component " + name);
      }
      Constructor<?> constructor =
          honest
              .getClass()
              .getDeclaredConstructor(
                  Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      return (T) constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
