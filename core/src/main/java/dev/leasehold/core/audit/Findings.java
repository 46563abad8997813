package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where rules write down what does not hold. A hostile story cannot fill the memory with it. */
final class Findings {
  private static final int MOST = 1_000;
  private static final int MOST_CHARACTERS = 300;

  /** Whom a check is about. */
  record Subject(Optional<Id> lease, Optional<Id> instance) {
    static final Subject NONE = new Subject(Optional.empty(), Optional.empty());

    static Subject lease(Id lease) {
      return new Subject(Optional.of(lease), Optional.empty());
    }

    static Subject instance(Id lease, Id instance) {
      return new Subject(Optional.of(lease), Optional.of(instance));
    }
  }

  private final List<Finding> found = new ArrayList<>();

  List<Finding> all() {
    return List.copyOf(found);
  }

  List<Finding> since(int index) {
    return List.copyOf(found.subList(index, found.size()));
  }

  int size() {
    return found.size();
  }

  void addAll(List<Finding> more) {
    more.stream().limit(MOST - found.size()).forEach(found::add);
  }

  void equal(
      Rule rule, Subject about, @Nullable Object expected, Object found, Hash... statements) {
    require(Objects.equals(expected, found), rule, about, expected, found, statements);
  }

  void require(
      boolean holds,
      Rule rule,
      Subject about,
      @Nullable Object expected,
      Object found,
      Hash... statements) {
    if (!holds) {
      add(rule, about, expected, found, statements);
    }
  }

  void add(Rule rule, Subject about, @Nullable Object expected, Object found, Hash... statements) {
    if (this.found.size() < MOST) {
      this.found.add(
          new Finding(
              rule,
              about.lease,
              about.instance,
              shortened(expected == null ? "nothing" : expected),
              shortened(found),
              List.of(statements)));
    }
  }

  private static String shortened(Object value) {
    String text = value.toString();
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }
}
