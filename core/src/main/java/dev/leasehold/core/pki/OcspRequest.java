package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Bytes;
import java.util.Optional;

/**
 * A question to an OCSP responder about one certificate (RFC 6960 §4.1.1), unsigned.
 *
 * @param nonce 1 to 128 bytes that nobody can guess (RFC 9654 §2.1): an answer that repeats them
 *     was made for this question; absent where any current answer will do
 */
public record OcspRequest(CertId certId, Optional<Bytes> nonce) {
  static final String NONCE = "1.3.6.1.5.5.7.48.1.2";
  private static final int LONGEST_NONCE = 128;

  public OcspRequest {
    nonce
        .filter(n -> n.isEmpty() || n.length() > LONGEST_NONCE)
        .ifPresent(n -> {
          throw new IllegalArgumentException(
              "nonce: expected 1 to " + LONGEST_NONCE + " bytes, found " + n.length());
        });
  }

  /** In DER, ready to be posted. */
  public byte[] encoded() {
    byte[] request = DerWriter.sequence(certId.encoded());
    byte[] extensions = nonce.map(OcspRequest::extensions).orElse(new byte[0]);
    return DerWriter.sequence(DerWriter.sequence(DerWriter.sequence(request), extensions));
  }

  private static byte[] extensions(Bytes nonce) {
    byte[] extension =
        DerWriter.sequence(
            DerWriter.objectIdentifier(NONCE),
            DerWriter.octetString(DerWriter.octetString(nonce.toArray())));
    return DerWriter.value(DerReader.context(2), DerWriter.sequence(extension));
  }
}
