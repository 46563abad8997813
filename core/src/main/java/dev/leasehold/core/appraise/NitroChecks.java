package dev.leasehold.core.appraise;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.nitro.NitroClaims;
import java.util.List;

/**
 * The owner's policy over a Nitro Enclave (protocol §6.2 step 4). AWS publishes no patch levels and
 * no revocation lists, so there is nothing to hold to a floor.
 */
final class NitroChecks {
  private final NitroClaims claims;

  NitroChecks(NitroClaims claims) {
    this.claims = claims;
  }

  List<Check> all() {
    return List.of(debugIsOff());
  }

  private Check debugIsOff() {
    return Check.of(
        !claims.debug(),
        "debug",
        "PCR0 to PCR2 measured",
        claims.debug() ? "zeros: the enclave runs in debug mode" : "measured",
        "protocol §6.2 step 4",
        "start the enclave without debug mode");
  }
}
