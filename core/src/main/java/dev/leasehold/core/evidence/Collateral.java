package dev.leasehold.core.evidence;

import dev.leasehold.core.evidence.dcap.QeIdentity;
import dev.leasehold.core.evidence.dcap.TcbInfo;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Window;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the verifying party itself holds: certificates and signed statements of vendors, of any
 * kind; each verifier takes what concerns it. Never what the attested host sent (protocol §6.2,
 * step 2), but for event logs: they are the host's word, and count only as far as they replay to
 * registers that are proven.
 *
 * @param certificates candidates: roots, intermediates, a chip's endorsement certificate
 * @param tcbInfos Intel's judgements of platforms; one served without its issuer chain takes its
 *     signer from {@code certificates}
 * @param qeIdentities Intel's quoting enclaves, likewise
 * @param rims NVIDIA's reference values for drivers and VBIOSes
 * @param attestationKeys of TPMs, which the verifying party has enrolled by means of its own
 */
public record Collateral(
    List<X509Certificate> certificates,
    List<RevocationList> revocations,
    List<OcspAnswer> ocspAnswers,
    List<TcbInfo> tcbInfos,
    List<QeIdentity> qeIdentities,
    List<NvidiaRim> rims,
    List<PublicKey> attestationKeys,
    List<EventLog> eventLogs) {
  public static final Collateral NONE = ofCertificates(List.of());

  public Collateral {
    List<X509Certificate> issuers = List.copyOf(certificates);
    certificates = issuers;
    revocations = List.copyOf(revocations);
    ocspAnswers = List.copyOf(ocspAnswers);
    tcbInfos = tcbInfos.stream().map(t -> t.among(issuers)).toList();
    qeIdentities = qeIdentities.stream().map(q -> q.among(issuers)).toList();
    rims = List.copyOf(rims);
    attestationKeys = List.copyOf(attestationKeys);
    eventLogs = List.copyOf(eventLogs);
  }

  public static Collateral ofCertificates(List<X509Certificate> certificates) {
    return new Collateral(
        certificates, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  public static Collateral ofRevocations(List<RevocationList> revocations) {
    return new Collateral(
        List.of(), revocations, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  public static Collateral ofOcspAnswers(List<OcspAnswer> ocspAnswers) {
    return new Collateral(
        List.of(), List.of(), ocspAnswers, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  public static Collateral ofTcbInfos(List<TcbInfo> tcbInfos) {
    return new Collateral(
        List.of(), List.of(), List.of(), tcbInfos, List.of(), List.of(), List.of(), List.of());
  }

  public static Collateral ofQeIdentities(List<QeIdentity> qeIdentities) {
    return new Collateral(
        List.of(), List.of(), List.of(), List.of(), qeIdentities, List.of(), List.of(), List.of());
  }

  public static Collateral ofRims(List<NvidiaRim> rims) {
    return new Collateral(
        List.of(), List.of(), List.of(), List.of(), List.of(), rims, List.of(), List.of());
  }

  public static Collateral ofAttestationKeys(List<PublicKey> attestationKeys) {
    return new Collateral(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        attestationKeys,
        List.of());
  }

  public static Collateral ofEventLogs(List<EventLog> eventLogs) {
    return new Collateral(
        List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), eventLogs);
  }

  /** The same without what a host says was measured. */
  public Collateral withoutEventLogs() {
    return new Collateral(
        certificates,
        revocations,
        ocspAnswers,
        tcbInfos,
        qeIdentities,
        rims,
        attestationKeys,
        List.of());
  }

  /** Both together. */
  public Collateral and(Collateral other) {
    return new Collateral(
        concat(certificates, other.certificates),
        concat(revocations, other.revocations),
        concat(ocspAnswers, other.ocspAnswers),
        concat(tcbInfos, other.tcbInfos),
        concat(qeIdentities, other.qeIdentities),
        concat(rims, other.rims),
        concat(attestationKeys, other.attestationKeys),
        concat(eventLogs, other.eventLogs));
  }

  /** The window of everything in it; reference values hold while their signers' certificates do. */
  public List<Window> windows() {
    return Stream.of(
            certificates.stream().map(Window::of),
            revocations.stream().map(RevocationList::window),
            ocspAnswers.stream().flatMap(o -> o.windows().stream()),
            tcbInfos.stream().map(TcbInfo::window),
            qeIdentities.stream().map(QeIdentity::window),
            rims.stream().flatMap(r -> r.certificates().stream()).map(Window::of))
        .flatMap(w -> w)
        .toList();
  }

  private static <T> List<T> concat(List<T> a, List<T> b) {
    List<T> out = new ArrayList<>(a);
    out.addAll(b);
    return out;
  }
}
