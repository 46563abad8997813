package dev.leasehold.custodian.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Columns of a wide table, each with its value: named once, so that they cannot be mixed up. */
final class Columns<R> {
  /** Columns that are written together. */
  private record Group<R>(List<String> names, Function<R, List<?>> values) {}

  private final List<Group<R>> groups = new ArrayList<>();

  Columns<R> add(String name, Function<R, Object> value) {
    return add(List.of(name), row -> List.of(value.apply(row)));
  }

  Columns<R> add(List<String> names, Function<R, List<?>> values) {
    groups.add(new Group<>(names, values));
    return this;
  }

  Columns<R> addAll(Columns<R> more) {
    groups.addAll(more.groups);
    return this;
  }

  /** {@code a, b, c} */
  String names() {
    return all().collect(Collectors.joining(", "));
  }

  /** {@code ?, ?, ?} */
  String placeholders() {
    return all().map(n -> "?").collect(Collectors.joining(", "));
  }

  /** {@code a = ?, b = ?, c = ?} */
  String assignments() {
    return all().map(n -> n + " = ?").collect(Collectors.joining(", "));
  }

  /** The values of a row in the order of the columns, and what follows them. */
  Object[] values(R row, Object... after) {
    List<Object> all = new ArrayList<>();
    for (Group<R> g : groups) {
      all.addAll(g.values.apply(row));
    }
    all.addAll(Arrays.asList(after));
    return all.toArray();
  }

  private Stream<String> all() {
    return groups.stream().flatMap(g -> g.names.stream());
  }
}
