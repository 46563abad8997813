package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchors;
import java.time.Instant;
import java.util.Optional;

/** Decides whether an answer is the item it was asked for, genuine and current. */
final class Prover {
  private final AmdProver amd;
  private final IntelProver intel;
  private final NvidiaProver nvidia;

  Prover(Anchors anchors) {
    this.amd = new AmdProver(anchors);
    this.intel = new IntelProver(anchors);
    this.nvidia = new NvidiaProver(anchors);
  }

  /**
   * Proves an answer.
   *
   * @param issuer what {@link Item#issuer} names, itself proven
   */
  Proven prove(Item item, Entry.Answer answer, Optional<Proven> issuer, Instant now)
      throws Unproven {
    Proven proven;
    try {
      proven =
          switch (item) {
            case AmdItem a -> amd.prove(a, answer, issuer, now);
            case IntelItem i -> intel.prove(i, answer, issuer, now);
            case NvidiaItem n -> nvidia.prove(n, answer, issuer, now);
          };
    } catch (Malformed m) {
      throw Unproven.of(m);
    }
    if (!proven.holdsAt(now)) {
      throw new Unproven(
          "content that holds at " + now,
          "content for " + proven.opens() + " to " + proven.closes());
    }
    return proven;
  }
}
