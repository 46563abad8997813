package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * A quote of version 3, 4 or 5 with ECDSA P-256: every length in it is exact.
 *
 * @param signedPart the bytes that the attestation key signed: header and body
 * @param signature {@code r ‖ s} by the attestation key
 * @param attestationKey {@code x ‖ y}
 * @param trailing what follows the declared end
 */
public record Quote(
    QuoteHeader header,
    QuoteBody body,
    Bytes signedPart,
    HexBytes signature,
    HexBytes attestationKey,
    QeReport qe,
    CertificationData certification,
    Trailing trailing,
    List<String> reservedInHeader) {

  public Quote {
    reservedInHeader = List.copyOf(reservedInHeader);
  }

  public static Quote parse(byte[] bytes) throws Malformed {
    return new QuoteReader(bytes).read();
  }

  /** Reserved fields of header and body that are not zero. */
  public List<String> reservedSet() {
    List<String> out = new ArrayList<>(reservedInHeader);
    out.addAll(body.reservedSet());
    return out;
  }

  /**
   * Bytes after the declared end. They are never parsed: kernels hand over whole buffers, so zeros
   * are usual, and anything else is not part of the quote.
   */
  public record Trailing(int bytes, boolean zeros) {}
}
