package dev.leasehold.custodian.time;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Something that is tried again until it works. The log hears of it when it begins to fail, once a
 * minute while it lasts and when it is over, however often it is tried and by however many.
 */
public final class Trouble {
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Logger log;
  private final String what;
  private final LongSupplier nanoTime;
  private Optional<Spell> spell = Optional.empty();

  /** When it began, and when the log last heard of it, in nanoseconds of no particular origin. */
  private record Spell(long began, long said) {}

  /**
   * @param what fails, as the subject of a sentence
   */
  public Trouble(Logger log, String what) {
    this(log, what, System::nanoTime);
  }

  Trouble(Logger log, String what, LongSupplier nanoTime) {
    this.log = log;
    this.what = what;
    this.nanoTime = nanoTime;
  }

  /** It did not work. */
  public synchronized void failed(Exception cause) {
    long now = nanoTime.getAsLong();
    if (spell.isEmpty()) {
      begin(now, cause);
    } else if (now - spell.get().said >= QUIET_NANOS) {
      log.warn("{} still fails, since {} s: {}", what, seconds(now), line(cause));
      spell = Optional.of(new Spell(spell.get().began, now));
    }
  }

  /** It worked. */
  public synchronized void over() {
    if (spell.isPresent()) {
      log.info("{} works again, after {} s", what, seconds(nanoTime.getAsLong()));
      spell = Optional.empty();
    }
  }

  private void begin(long now, Exception cause) {
    spell = Optional.of(new Spell(now, now));
    if (cause instanceof RuntimeException && database(cause).isEmpty()) {
      // A mistake of ours: whoever mends it wants to know where.
      log.error("{} fails and is tried again", what, cause);
    } else {
      log.warn("{} fails and is tried again: {}", what, line(cause));
    }
  }

  private long seconds(long now) {
    return TimeUnit.NANOSECONDS.toSeconds(now - spell.orElseThrow().began);
  }

  private static String line(Exception cause) {
    Throwable telling = database(cause).orElse(cause);
    return String.valueOf(telling.getMessage()).replaceAll("\\s+", " ");
  }

  /** What the database said, where it is the one that failed. */
  private static Optional<Throwable> database(Exception cause) {
    return Stream.iterate((Throwable) cause, e -> e != null, Throwable::getCause)
        .filter(SQLException.class::isInstance)
        .findFirst();
  }
}
