package dev.leasehold.core.appraise;

import dev.leasehold.core.lease.Measurements;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the platform under a program must be, whoever demands it.
 *
 * @param families accepted AMD families
 * @param minTcb lowest component versions for each of them
 * @param minTcbEvaluation lowest number of Intel's data set that a status may be taken from
 * @param tcbStatus accepted status words
 * @param advisoriesAllowed advisories that may stand against a level; absent: any
 * @param maxCrlAge how old a revocation list may be; absent: none is demanded
 */
public record PlatformPolicy(
    Set<String> families,
    Map<String, Measurements.TcbFloor> minTcb,
    long minTcbEvaluation,
    Set<String> tcbStatus,
    Optional<Set<String>> advisoriesAllowed,
    boolean smtAllowed,
    boolean ciphertextHiding,
    boolean aliasCheck,
    Optional<Duration> maxCrlAge) {

  private static final Measurements.TcbFloor ANY = new Measurements.TcbFloor(0, 0, 0, 0, 0);

  /**
   * For evidence that nobody has written a policy for: current families and levels, no debugging,
   * no migration. It names no floor and demands no revocation list; an owner's policy does.
   */
  public static final PlatformPolicy STRICT =
      new PlatformPolicy(
          Set.of("genoa", "turin"),
          Map.of("genoa", ANY, "turin", ANY),
          0,
          Set.of("UpToDate", "SWHardeningNeeded"),
          Optional.empty(),
          true,
          false,
          true,
          Optional.empty());

  public PlatformPolicy {
    families = sorted(families);
    minTcb = Map.copyOf(minTcb);
    tcbStatus = sorted(tcbStatus);
    advisoriesAllowed = advisoriesAllowed.map(PlatformPolicy::sorted);
  }

  /** An owner's policy (protocol §6.1). */
  public static PlatformPolicy of(Measurements.Policy p) {
    return new PlatformPolicy(
        Set.copyOf(p.families()),
        p.minTcb(),
        p.minTcbEvaluation(),
        Set.copyOf(p.tcbStatus()),
        Optional.of(Set.copyOf(p.advisoriesAllowed())),
        p.smtAllowed(),
        p.ciphertextHiding(),
        p.aliasCheck(),
        Optional.of(Duration.ofMillis(p.maxCrlAgeMs())));
  }

  /** Whether revocation information of this age, or none at all, is recent enough. */
  boolean allowsAge(Optional<Duration> age) {
    return maxCrlAge.isEmpty() || age.map(a -> a.compareTo(maxCrlAge.get()) <= 0).orElse(false);
  }

  /** A check shows these words: the same ones always in the same order. */
  private static Set<String> sorted(Set<String> words) {
    return Collections.unmodifiableSet(new TreeSet<>(words));
  }
}
