package dev.leasehold.custodian;

import java.util.Arrays;
import java.util.stream.Stream;

/** The databases that what is tested must hold on. */
enum Engine {
  SQLITE,
  POSTGRES;

  /** Both every night; in verify the one that is quicker. */
  static Stream<Engine> nightlyBoth() {
    return Arrays.stream(values()).limit(Scale.of(values().length, 1));
  }
}
