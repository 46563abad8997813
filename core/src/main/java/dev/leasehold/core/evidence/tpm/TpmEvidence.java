package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.pki.Certificates;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Quotes of one TPM by one key, and what came along: the key is a claim of whoever sent it until a
 * certificate or the verifying party itself vouches for it.
 *
 * @param key the attestation key (AK)
 * @param area of the key, where it was sent
 * @param certificates candidates, in any order
 */
public record TpmEvidence(
    List<TpmQuote> quotes,
    PublicKey key,
    Optional<TpmPublic> area,
    List<X509Certificate> certificates,
    Optional<EventLog> log)
    implements Evidence {
  public TpmEvidence {
    quotes = List.copyOf(quotes);
    certificates = List.copyOf(certificates);
    if (quotes.isEmpty()) {
      throw new IllegalArgumentException("no quote");
    }
  }

  /**
   * Reads one of the containers of docs/spec/tpm-evidence.md; which one shows in its first bytes.
   */
  public static TpmEvidence parse(byte[] bytes) throws Malformed {
    return parse(bytes, List.of());
  }

  /**
   * The same with certificates that came in files of their own.
   *
   * @param certs candidates, after those of the container
   */
  public static TpmEvidence parse(byte[] bytes, List<X509Certificate> certs) throws Malformed {
    boolean json = bytes.length > 0 && bytes[0] == '{';
    TpmEvidence evidence = json ? TpmJson.parse(bytes) : GoTpmToolsAttestation.parse(bytes);
    List<X509Certificate> all = new ArrayList<>(evidence.certificates);
    all.addAll(certs);
    return new TpmEvidence(evidence.quotes, evidence.key, evidence.area, all, evidence.log);
  }

  static TpmEvidence of(
      List<TpmQuote> quotes, byte[] akPublic, List<byte[]> certificates, byte @Nullable [] eventLog)
      throws Malformed {
    TpmPublic area = TpmPublic.parse(akPublic);
    return new TpmEvidence(
        quotes,
        area.key(),
        Optional.of(area),
        Certificates.parseAll("AK certificates", certificates),
        eventLog == null || eventLog.length == 0
            ? Optional.empty()
            : Optional.of(EventLog.parse(eventLog)));
  }
}
