package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A successful basic OCSP response (RFC 6960 §4.2.1): what a responder says of certificates, and
 * for how long. It counts only when the certificates' own issuer signed it, or a responder whom
 * that issuer has authorised.
 */
public final class OcspAnswer {
  private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
  private static final int DIGITAL_SIGNATURE = 0;

  private final Bytes encoded;
  private final Contents contents;

  private OcspAnswer(Bytes encoded, Contents contents) {
    this.encoded = encoded;
    this.contents = contents;
  }

  /**
   * One statement about one certificate.
   *
   * @param nextUpdate last instant at which it holds; an answer without one bounds nothing and is
   *     malformed here
   */
  public record SingleResponse(
      CertId certId, CertStatus status, Instant thisUpdate, Instant nextUpdate) {
    public Window window() {
      return new Window("OCSP answer for serial " + certId.serial(), thisUpdate, nextUpdate);
    }
  }

  /** Who signed (RFC 6960 §4.2.1 ResponderID). The hash only picks among candidates. */
  sealed interface ResponderId {
    boolean names(X509Certificate c);

    record ByName(HexBytes der) implements ResponderId {
      @Override
      public boolean names(X509Certificate c) {
        return HexBytes.of(c.getSubjectX500Principal().getEncoded()).equals(der);
      }
    }

    /** By the SHA-1 that RFC 6960 fixes. */
    record ByKey(HexBytes sha1) implements ResponderId {
      @Override
      public boolean names(X509Certificate c) {
        return CertId.hash("SHA-1", Certificates.keyBits(c)).equals(sha1);
      }
    }
  }

  /** Everything in an answer, read. */
  record Contents(
      ResponderId responder,
      List<SingleResponse> responses,
      Optional<Bytes> nonce,
      Bytes signed,
      String algorithm,
      Optional<Bytes> parameters,
      Bytes signature,
      List<X509Certificate> certificates) {}

  /** Reads one answer in DER, nothing after it; only a successful basic one is an answer. */
  public static OcspAnswer parse(String field, byte[] der) throws Malformed {
    return new OcspAnswer(Bytes.of(der), OcspReader.read(field, der));
  }

  /**
   * The newest of these that speaks of {@code subject}; whether it counts is for {@link #fault}.
   */
  public static Optional<OcspAnswer> newest(
      List<OcspAnswer> answers, X509Certificate subject, X509Certificate issuer) {
    return answers.stream()
        .filter(a -> a.about(subject, issuer).isPresent())
        .max(
            Comparator.comparing(
                a -> a.about(subject, issuer).map(SingleResponse::thisUpdate).orElse(Instant.MIN)));
  }

  /** The DER bytes it was read from. */
  public byte[] encoded() {
    return encoded.toArray();
  }

  public Hash sha256() {
    return Digests.sha256(encoded.toArray());
  }

  /** What is said, one statement a certificate. */
  public List<SingleResponse> responses() {
    return contents.responses();
  }

  /** What the question had to make its answer its own; a signed part of an answer that has one. */
  public Optional<Bytes> nonce() {
    return contents.nonce();
  }

  /** When every statement holds, and every certificate that came with them. */
  public List<Window> windows() {
    return Stream.concat(
            contents.responses().stream().map(SingleResponse::window),
            contents.certificates().stream().map(Window::of))
        .toList();
  }

  /** The statement about this certificate. */
  public Optional<SingleResponse> about(X509Certificate subject, X509Certificate issuer) {
    return contents.responses().stream().filter(r -> r.certId().names(subject, issuer)).findFirst();
  }

  /**
   * What keeps this answer from clearing {@code subject} at {@code now}.
   *
   * @param issuer of the subject, already shown to reach a pinned root, or one
   */
  public Optional<Fault> fault(
      Vendor vendor, X509Certificate subject, X509Certificate issuer, Instant now) {
    return originFault(vendor, subject, issuer, now)
        .or(() -> about(subject, issuer).flatMap(r -> statusFault(vendor, subject, r.status())));
  }

  /**
   * What keeps this answer from being the responder's word of {@code subject} at {@code now},
   * whichever that word is: of a certificate that is revoked, an answer that says so is the one to
   * hold.
   */
  public Optional<Fault> originFault(
      Vendor vendor, X509Certificate subject, X509Certificate issuer, Instant now) {
    Optional<SingleResponse> response = about(subject, issuer);
    if (response.isEmpty()) {
      return fault(vendor, "an OCSP answer about " + describe(subject), "one about others");
    }
    return signatureFault(vendor, issuer, now).or(() -> windowFault(vendor, response.get(), now));
  }

  private Optional<Fault> signatureFault(Vendor vendor, X509Certificate issuer, Instant now) {
    Optional<Fault> algorithm =
        vendor
            .rule()
            .fault(
                "the OCSP answer",
                contents.algorithm(),
                contents.parameters().map(Bytes::toArray).orElse(null),
                fetch(vendor));
    if (algorithm.isPresent()) {
      return algorithm;
    }
    Optional<X509Certificate> signer =
        Stream.concat(Stream.of(issuer), contents.certificates().stream())
            .filter(contents.responder()::names)
            .findFirst();
    if (signer.isEmpty()) {
      return fault(
          vendor,
          "an OCSP answer by " + Certificates.name(issuer) + " or a responder it names",
          "one by a responder whose certificate is not in it");
    }
    return verifiedFault(vendor, signer.get())
        .or(() -> authorityFault(vendor, signer.get(), issuer, now));
  }

  /** RFC 6960 §4.2.2.2: the issuer itself, or one it has certified for exactly this. */
  private static Optional<Fault> authorityFault(
      Vendor vendor, X509Certificate signer, X509Certificate issuer, Instant now) {
    if (signer.equals(issuer)) {
      return Optional.empty();
    }
    if (!maySignAnswers(signer)) {
      return fault(
          vendor,
          "a responder with extended key usage id-kp-OCSPSigning",
          Certificates.name(signer) + " without it");
    }
    return new CertificatePath(vendor, List.of(signer), issuer).fault(now);
  }

  private static boolean maySignAnswers(X509Certificate c) {
    boolean[] usage = c.getKeyUsage();
    try {
      List<String> purposes = c.getExtendedKeyUsage();
      return purposes != null
          && purposes.contains(OCSP_SIGNING)
          && (usage == null || usage[DIGITAL_SIGNATURE]);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private Optional<Fault> verifiedFault(Vendor vendor, X509Certificate signer) {
    boolean verified =
        vendor
            .rule()
            .verifies(
                signer.getPublicKey(), contents.signed().toArray(), contents.signature().toArray());
    return verified
        ? Optional.empty()
        : fault(vendor, "an OCSP answer signed by " + Certificates.name(signer), "not by that key");
  }

  private static Optional<Fault> windowFault(Vendor vendor, SingleResponse response, Instant now) {
    Window w = response.window();
    return w.contains(now)
        ? Optional.empty()
        : fault(
            vendor,
            "an OCSP answer current at " + now,
            "one for " + w.notBefore() + " to " + w.notAfter());
  }

  private static Optional<Fault> statusFault(
      Vendor vendor, X509Certificate subject, CertStatus status) {
    String good = describe(subject) + " good";
    return switch (status) {
      case CertStatus.Good() -> Optional.empty();
      case CertStatus.Unknown() -> fault(vendor, good, "unknown to its responder");
      case CertStatus.Revoked r when r.onHold() ->
          Optional.of(
              new Fault(
                  good,
                  "on hold (certificateHold) since " + r.time(),
                  "do not use this device until its vendor lifts the hold"));
      case CertStatus.Revoked r ->
          Optional.of(
              new Fault(
                  good,
                  "revoked since " + r.time() + r.reason().map(c -> " (" + c + ")").orElse(""),
                  "do not use this platform: its vendor has withdrawn trust in its keys"));
    };
  }

  private static String describe(X509Certificate c) {
    return Certificates.name(c) + " serial " + c.getSerialNumber();
  }

  private static Optional<Fault> fault(Vendor vendor, String expected, String got) {
    return Optional.of(new Fault(expected, got, fetch(vendor)));
  }

  private static String fetch(Vendor vendor) {
    return "fetch a fresh OCSP answer for this certificate from " + vendor.source();
  }
}
