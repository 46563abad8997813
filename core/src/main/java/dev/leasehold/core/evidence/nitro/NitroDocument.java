package dev.leasehold.core.evidence.nitro;

import dev.leasehold.core.bytes.HexBytes;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An attestation document (AWS attestation process §2.2).
 *
 * @param pcrs 48 bytes each, by index; 0 to 2 are always there
 * @param certificate of the key that signed the document
 * @param cabundle from the root to the issuer of {@code certificate}
 * @param publicKey what the enclave chose, as are {@code userData} and {@code nonce}
 */
public record NitroDocument(
    ModuleId moduleId,
    Instant timestamp,
    String digest,
    SortedMap<Integer, HexBytes> pcrs,
    X509Certificate certificate,
    List<X509Certificate> cabundle,
    Optional<HexBytes> publicKey,
    Optional<HexBytes> userData,
    Optional<HexBytes> nonce) {

  public NitroDocument {
    pcrs = Collections.unmodifiableSortedMap(new TreeMap<>(pcrs));
    cabundle = List.copyOf(cabundle);
  }
}
