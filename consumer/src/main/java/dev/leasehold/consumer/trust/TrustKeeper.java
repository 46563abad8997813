package dev.leasehold.consumer.trust;

import dev.leasehold.core.lease.Bundles.WellKnown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Keeps what passed the checks for ten minutes (protocol §11.1), and checks again when asked. */
public final class TrustKeeper {
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** Where the bundle to be checked comes from. */
  @FunctionalInterface
  public interface Source {
    WellKnown fetch() throws CheckFailed;
  }

  private final Source source;
  private final TrustChecks checks;
  private final InstantSource clock;
  private @Nullable TrustedEnclave kept;

  public TrustKeeper(Source source, TrustChecks checks, InstantSource clock) {
    this.source = source;
    this.checks = checks;
    this.clock = clock;
  }

  /** The enclave to ask; checked now unless that was done lately. */
  public synchronized TrustedEnclave current() throws CheckFailed {
    TrustedEnclave known = kept;
    Instant now = clock.instant();
    if (known != null && isFresh(known, now)) {
      return known;
    }
    kept = null;
    TrustedEnclave checked = checks.check(source.fetch(), now);
    kept = checked;
    return checked;
  }

  /** What to ask instead of this one, which turned out to be of the past. */
  public synchronized TrustedEnclave insteadOf(TrustedEnclave past) throws CheckFailed {
    if (past.equals(kept)) {
      kept = null;
    }
    return current();
  }

  private static boolean isFresh(TrustedEnclave enclave, Instant now) {
    Duration age = Duration.between(enclave.checkedAt(), now);
    return !age.isNegative()
        && age.compareTo(KEPT) < 0
        && TrustChecks.isCurrent(enclave.keyconfig().body(), now);
  }
}
