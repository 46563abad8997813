package dev.leasehold.core.appraise;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How old something is, as people say it: its two largest units. A begun second counts, so that
 * what is over a limit does not read like the limit.
 */
public final class Age {
  private static final int UNITS = 2;

  private Age() {}

  public static String inWords(Duration age) {
    Duration d = age.plusNanos(999_999_999);
    String words =
        Stream.of(
                words(d.toDays(), "day"),
                words(d.toHoursPart(), "hour"),
                words(d.toMinutesPart(), "minute"),
                words(d.toSecondsPart(), "second"))
            .filter(w -> !w.isEmpty())
            .limit(UNITS)
            .collect(Collectors.joining(" "));
    return words.isEmpty() ? "0 seconds" : words;
  }

  private static String words(long count, String unit) {
    return count == 0 ? "" : count + " " + unit + (count == 1 ? "" : "s");
  }
}
