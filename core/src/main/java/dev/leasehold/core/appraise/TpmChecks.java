package dev.leasehold.core.appraise;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.tpm.TpmClaims;
import dev.leasehold.core.evidence.tpm.TpmHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is demanded of a genuine TPM's quotes, whoever asks. */
final class TpmChecks {
  private final TpmClaims claims;

  TpmChecks(TpmClaims claims) {
    this.claims = claims;
  }

  List<Check> all() {
    List<Check> out = new ArrayList<>();
    out.add(hashIsStrong(claims.signatureHash(), claims.banks().keySet()));
    claims.log().ifPresent(log -> out.add(EventLogCheck.ofPcrs(log, claims.banks())));
    return out;
  }

  /** A SHA-1 bank beside a strong one does no harm, for the strong one is what is shown. */
  static Check hashIsStrong(TpmHash signature, Set<TpmHash> banks) {
    boolean strongBank = banks.stream().anyMatch(b -> !b.weak());
    return Check.of(
        !signature.weak() && strongBank,
        "weak-hash",
        "signatures and a bank of registers with SHA-256 or stronger",
        "signatures with "
            + signature.algorithm()
            + ", banks "
            + banks.stream().map(TpmHash::word).toList(),
        "TCG Algorithm Registry: SHA-1 is deprecated",
        "quote the SHA-256 bank with a key whose scheme hashes with SHA-256");
  }
}
