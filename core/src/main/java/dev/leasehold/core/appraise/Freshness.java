package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.VerifiedClaims;
import java.util.Optional;
import java.util.Set;

/** The field through which whoever asked for evidence can tell it from older evidence. */
public enum Freshness {
  /** Bytes that the requester sent and the evidence repeats. */
  NONCE("nonce"),
  /** 64 bytes that the attested program chose; a requester's nonce is hashed into them. */
  REPORT_DATA("reportData");

  private final String field;

  Freshness(String field) {
    this.field = field;
  }

  /** What evidence of this kind may have. */
  public static Set<Freshness> of(EvidenceKind kind) {
    return switch (kind) {
      case SNP, SGX, TDX -> Set.of(REPORT_DATA);
      case NITRO -> Set.of(NONCE, REPORT_DATA);
      case NVIDIA, AZURE, TPM -> Set.of(NONCE);
    };
  }

  /** The nonce that these claims repeat; absent where their kind has none. */
  public static Optional<HexBytes> nonceOf(VerifiedClaims claims) {
    return of(claims.kind()).contains(NONCE) ? NONCE.in(claims) : Optional.empty();
  }

  /** Its value in these claims; absent where the attester left it out. */
  Optional<HexBytes> in(VerifiedClaims claims) {
    return claims.fields().values().get(field) instanceof Fields.Value.Text(String hex)
        ? Optional.of(new HexBytes(hex))
        : Optional.empty();
  }
}
