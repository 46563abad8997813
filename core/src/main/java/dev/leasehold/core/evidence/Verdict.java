package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.Malformed;
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

    /** The verdict on bytes that are no evidence of their kind: the only check is their format. */
    public static Refused malformed(EvidenceKind kind, Malformed e) {
      Check format =
          Check.failed(
              "format",
              e.field() + ": " + e.expected(),
              e.found(),
              "format of " + kind.word() + " evidence",
              "send the evidence whole and unchanged, exactly as the hardware gave it");
      return new Refused(format.refusal().orElseThrow(), List.of(format));
    }
  }
}
