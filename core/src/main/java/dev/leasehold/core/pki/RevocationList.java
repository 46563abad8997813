package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.io.ByteArrayInputStream;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A certificate revocation list (RFC 5280 §5). It names certificates by issuer and serial: AMD's
 * lists name intermediates; an entry that carries a certificate issuer also reaches the endorsement
 * keys below one.
 */
public final class RevocationList {
  private final X509CRL crl;
  private final Hash sha256;
  private final Instant thisUpdate;
  private final Instant nextUpdate;

  private RevocationList(X509CRL crl, Hash sha256, Instant thisUpdate, Instant nextUpdate) {
    this.crl = crl;
    this.sha256 = sha256;
    this.thisUpdate = thisUpdate;
    this.nextUpdate = nextUpdate;
  }

  /** Reads one DER list; a list that does not say when the next one is due bounds nothing. */
  public static RevocationList parse(String field, byte[] der) throws Malformed {
    try {
      X509CRL crl = (X509CRL) Certificates.factory().generateCRL(new ByteArrayInputStream(der));
      Certificates.requireExact(field, der, crl.getEncoded(), crl.getSignature());
      if (crl.getNextUpdate() == null) {
        throw new Malformed(field, "a nextUpdate time", "none");
      }
      return new RevocationList(
          crl,
          Digests.sha256(der),
          crl.getThisUpdate().toInstant(),
          crl.getNextUpdate().toInstant());
    } catch (CRLException e) {
      throw new Malformed(field, "an X.509 revocation list in DER", String.valueOf(e.getMessage()));
    }
  }

  /** Every list of a PEM text, in order. */
  public static List<RevocationList> parsePem(String field, String pem) throws Malformed {
    List<RevocationList> out = new ArrayList<>();
    for (byte[] der : Pem.REVOCATION_LIST.decodeAll(field, pem)) {
      out.add(parse(field + "[" + out.size() + "]", der));
    }
    return List.copyOf(out);
  }

  /** Of the lists that claim to come from this issuer the newest that was issued by {@code now}. */
  public static Optional<RevocationList> newest(
      List<RevocationList> lists, X509Certificate issuer, Instant now) {
    return lists.stream()
        .filter(l -> l.namesIssuer(issuer))
        .max(
            Comparator.<RevocationList, Boolean>comparing(l -> !l.thisUpdate.isAfter(now))
                .thenComparing(RevocationList::thisUpdate));
  }

  /** The DER bytes it was read from. */
  public byte[] encoded() {
    try {
      return crl.getEncoded();
    } catch (CRLException e) {
      throw new IllegalStateException("a parsed list has no encoding", e);
    }
  }

  public Hash sha256() {
    return sha256;
  }

  public Instant thisUpdate() {
    return thisUpdate;
  }

  public Instant nextUpdate() {
    return nextUpdate;
  }

  /** How old the list is by its own signed date. */
  public Duration age(Instant now) {
    return Duration.between(thisUpdate, now);
  }

  public Window window() {
    return new Window(
        "revocation list of " + crl.getIssuerX500Principal().getName(), thisUpdate, nextUpdate);
  }

  /** True when the list claims to come from this issuer; whether it does is for {@link #fault}. */
  public boolean namesIssuer(X509Certificate issuer) {
    return crl.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
  }

  /**
   * What keeps this list from clearing {@code subjects} at {@code now}.
   *
   * @param issuer already shown to reach a pinned root, or one
   */
  public Optional<Fault> fault(
      Vendor vendor, X509Certificate issuer, List<X509Certificate> subjects, Instant now) {
    return issuerFault(vendor, issuer)
        .or(() -> windowFault(vendor, now))
        .or(() -> subjects.stream().map(this::revoked).flatMap(Optional::stream).findFirst());
  }

  private Optional<Fault> issuerFault(Vendor vendor, X509Certificate issuer) {
    Optional<Fault> algorithm =
        vendor
            .rule()
            .fault("the revocation list", crl.getSigAlgOID(), crl.getSigAlgParams(), fetch(vendor));
    if (algorithm.isPresent()) {
      return algorithm;
    }
    try {
      if (!namesIssuer(issuer)
          || crl.hasUnsupportedCriticalExtension()
          || !vendor
              .rule()
              .verifies(issuer.getPublicKey(), crl.getTBSCertList(), crl.getSignature())) {
        return fault(vendor, "list signed by " + Certificates.name(issuer), "another signature");
      }
    } catch (CRLException e) {
      throw new IllegalStateException("a parsed list has no encoding", e);
    }
    return Optional.empty();
  }

  private Optional<Fault> windowFault(Vendor vendor, Instant now) {
    boolean current = !now.isBefore(thisUpdate) && now.isBefore(nextUpdate);
    return current
        ? Optional.empty()
        : fault(vendor, "list current at " + now, "list for " + thisUpdate + " to " + nextUpdate);
  }

  private Optional<Fault> revoked(X509Certificate c) {
    return crl.getRevokedCertificate(c) == null
        ? Optional.empty()
        : Optional.of(
            new Fault(
                Certificates.name(c) + " serial " + c.getSerialNumber() + " not revoked",
                "revoked by " + crl.getIssuerX500Principal().getName(),
                "do not use this platform: its vendor has withdrawn trust in its keys"));
  }

  private static Optional<Fault> fault(Vendor vendor, String expected, String got) {
    return Optional.of(new Fault(expected, got, fetch(vendor)));
  }

  private static String fetch(Vendor vendor) {
    return "fetch the revocation list of this issuer from " + vendor.source();
  }
}
