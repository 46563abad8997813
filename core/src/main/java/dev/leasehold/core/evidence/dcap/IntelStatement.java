package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Ecdsa;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * JSON that Intel signs: a TCB info or the identity of a quoting enclave. The signature is over the
 * exact bytes as served, so those are kept. Made from well-formed input; says nothing about being
 * genuine before {@link #fault} was asked.
 */
public abstract sealed class IntelStatement permits TcbInfo, QeIdentity {
  private static final String SIGNER = "Intel SGX TCB Signing";
  private static final int DIGITAL_SIGNATURE = 0;

  /** Signers of one name that are tried: a flood of them must not cost a flood of work. */
  private static final int TRIED = 4;

  private static final String FETCH =
      "fetch this statement with its issuer chain again from " + Vendor.INTEL.source();

  private final Signed signed;
  private final Header header;

  /** Per path what no passing of time can mend: found once, for it costs two signatures. */
  private final Map<CertificatePath, Optional<Fault>> lasting = new ConcurrentHashMap<>();

  /**
   * What was served.
   *
   * @param issuers the signer's certificate and those above it, or candidates for them
   * @param complete false when the issuers came apart from the statement, so that others may be
   *     them too
   */
  record Signed(Bytes json, Bytes signature, List<X509Certificate> issuers, boolean complete) {
    Signed {
      issuers = List.copyOf(issuers);
    }

    static Signed of(String field, byte[] json, byte[] signature, List<X509Certificate> issuers)
        throws Malformed {
      int expected = Ecdsa.P256_SHA256.signatureBytes();
      if (signature.length != expected) {
        throw new Malformed(field + " signature", expected + " bytes", signature.length + " bytes");
      }
      return new Signed(Bytes.of(json), Bytes.of(signature), issuers, !issuers.isEmpty());
    }

    /** With those of {@code certificates} that can be in the path of a signer, where needed. */
    Signed among(List<X509Certificate> certificates) {
      if (complete) {
        return this;
      }
      List<X509Certificate> more =
          Stream.concat(issuers.stream(), certificates.stream().filter(Signed::canIssue))
              .distinct()
              .toList();
      return more.equals(issuers) ? this : new Signed(json, signature, more, false);
    }

    private static boolean canIssue(X509Certificate c) {
      return isSigner(c) || c.getSubjectX500Principal().equals(c.getIssuerX500Principal());
    }
  }

  /** What both kinds of statement begin with. */
  record Header(
      String id,
      int version,
      Instant issueDate,
      Instant nextUpdate,
      long tcbEvaluationDataNumber) {}

  IntelStatement(Signed signed, Header header) {
    this.signed = signed;
    this.header = header;
  }

  /** {@code SGX} or {@code TDX}, {@code QE} or {@code TD_QE}. */
  public final String id() {
    return header.id();
  }

  public final int version() {
    return header.version();
  }

  public final Instant issueDate() {
    return header.issueDate();
  }

  public final Instant nextUpdate() {
    return header.nextUpdate();
  }

  /** Rises whenever Intel judges platforms anew; several are valid at once. */
  public final long tcbEvaluationDataNumber() {
    return header.tcbEvaluationDataNumber();
  }

  /** What the statement is, for people. */
  public abstract String name();

  /** When the statement itself holds. */
  public final Window window() {
    return new Window(name(), issueDate(), nextUpdate());
  }

  /** The windows of the statement and of the path to its signer, as {@link #fault} takes it. */
  public final List<Window> windows(Anchors anchors, Instant now) {
    return Stream.concat(
            Stream.of(window()), path(anchors, now).stream().flatMap(p -> p.windows().stream()))
        .toList();
  }

  /**
   * What keeps Intel's word from being given by this statement at {@code now}: the path of its
   * signer to the pinned root, the root's revocation list, the dates, the signature.
   */
  public final Optional<Fault> fault(Anchors anchors, List<RevocationList> lists, Instant now) {
    return path(anchors, now)
        .map(p -> faultUnder(p, lists, now))
        .orElseGet(() ->
            Optional.of(
                new Fault(
                    "the certificate of " + SIGNER + " and the pinned root above it",
                    signed.issuers().isEmpty()
                        ? "no issuer chain"
                        : signed.issuers().stream().map(Certificates::name).toList().toString(),
                    FETCH)));
  }

  final Signed signed() {
    return signed;
  }

  final Header header() {
    return header;
  }

  /** The path that is good, if one is, else the first. */
  private Optional<CertificatePath> path(Anchors anchors, Instant now) {
    List<CertificatePath> candidates =
        signed.issuers().stream()
            .filter(c -> isPinnedRoot(anchors, c))
            .flatMap(root ->
                signed.issuers().stream()
                    .filter(IntelStatement::isSigner)
                    .limit(TRIED)
                    .map(signer -> new CertificatePath(Vendor.INTEL, List.of(signer), root)))
            .toList();
    return candidates.stream()
        .filter(p -> p.validityFault(now).isEmpty() && lastingFault(p).isEmpty())
        .findFirst()
        .or(() -> candidates.stream().findFirst());
  }

  private Optional<Fault> faultUnder(
      CertificatePath path, List<RevocationList> lists, Instant now) {
    return path.validityFault(now)
        .or(() -> lastingFault(path))
        .or(() -> revocationFault(path, lists, now))
        .or(() -> dateFault(now));
  }

  private Optional<Fault> lastingFault(CertificatePath path) {
    return lasting.computeIfAbsent(
        path, p -> p.lastingFault().or(() -> signerFault(p.leaf())).or(() -> signatureFault(p)));
  }

  private static Optional<Fault> signerFault(X509Certificate signer) {
    boolean[] usage = signer.getKeyUsage();
    return usage != null && usage[DIGITAL_SIGNATURE] && signer.getBasicConstraints() < 0
        ? Optional.empty()
        : Optional.of(
            new Fault(
                "a certificate for signing data", Certificates.name(signer) + " is not", FETCH));
  }

  private Optional<Fault> signatureFault(CertificatePath path) {
    return Ecdsa.P256_SHA256.verifies(
            path.leaf().getPublicKey(), signed.json().toArray(), signed.signature().toArray())
        ? Optional.empty()
        : Optional.of(
            new Fault(
                "a signature of " + Certificates.name(path.leaf()) + " over these exact bytes",
                "another: the statement was changed, reformatted or signed by another key",
                FETCH));
  }

  /** The newest list of the root decides. */
  private static Optional<Fault> revocationFault(
      CertificatePath path, List<RevocationList> lists, Instant now) {
    return RevocationList.newest(lists, path.root(), now)
        .map(l -> l.fault(Vendor.INTEL, path.root(), path.certificates(), now))
        .orElseGet(() ->
            Optional.of(
                new Fault(
                    "a revocation list of " + Certificates.name(path.root()),
                    "none",
                    "fetch Intel's root CA revocation list")));
  }

  private Optional<Fault> dateFault(Instant now) {
    return window().contains(now)
        ? Optional.empty()
        : Optional.of(
            new Fault(
                name() + " for " + issueDate() + " to " + nextUpdate(),
                "time of verification " + now,
                "fetch the current one from " + Vendor.INTEL.source()));
  }

  private static boolean isSigner(X509Certificate c) {
    return Certificates.commonName(c).equals(Optional.of(SIGNER));
  }

  private static boolean isPinnedRoot(Anchors anchors, X509Certificate c) {
    return anchors.find(c).map(Anchor::role).equals(Optional.of(AnchorRole.INTEL_SGX_ROOT));
  }
}
