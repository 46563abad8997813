package dev.leasehold.core.evidence;

import java.util.List;

/** What verification found. {@code checks} lists every step taken, in order. */
public sealed interface Verdict {
  List<Check> checks();

  /** Genuine hardware; whether its owner accepts what it says is another question. */
  record Genuine(VerifiedClaims claims, List<Check> checks) implements Verdict {
    public Genuine {
      checks = List.copyOf(checks);
    }
  }

  /** Not shown to be genuine; the last check is the one that failed. */
  record Refused(Refusal refusal, List<Check> checks) implements Verdict {
    public Refused {
      checks = List.copyOf(checks);
    }
  }
}
