package dev.leasehold.core.appraise;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.nvidia.Architecture;
import dev.leasehold.core.evidence.nvidia.NvidiaClaims;
import java.util.List;

/** The owner's policy over a GPU (protocol §6.2 step 10). */
final class NvidiaChecks {
  private static final String STEP_10 = "protocol §6.2 step 10";

  private final NvidiaClaims claims;

  NvidiaChecks(NvidiaClaims claims) {
    this.claims = claims;
  }

  List<Check> all() {
    return List.of(architectureIsKnown());
  }

  /** Index 35 and the names of reference values are known of Hopper alone. */
  private Check architectureIsKnown() {
    return Check.of(
        claims.architecture() == Architecture.HOPPER,
        "architecture",
        Architecture.HOPPER.word(),
        claims.architecture().word() + " (" + claims.device().chip() + ")",
        STEP_10,
        "use a GPU of an accepted architecture");
  }
}
