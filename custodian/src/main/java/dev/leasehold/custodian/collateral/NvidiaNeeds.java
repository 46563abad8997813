package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaPaths;
import dev.leasehold.core.evidence.nvidia.NvidiaReport;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a GPU's report takes: reference values for its driver and its VBIOS, and the responder's
 * word of every certificate that it knows. Nobody is asked about certificates that reach no pinned
 * root.
 */
final class NvidiaNeeds {
  private final NvidiaEvidence evidence;
  private final Collateral held;
  private final Anchors anchors;
  private final Instant now;

  NvidiaNeeds(NvidiaEvidence evidence, Collateral held, Anchors anchors, Instant now) {
    this.evidence = evidence;
    this.held = held;
    this.anchors = anchors;
    this.now = now;
  }

  /** What the report itself and its certificates take. */
  List<Need> list() {
    Stream<CertificatePath> device =
        found(NvidiaPaths.ofDevice(evidence, held.certificates(), anchors, now))
            .map(NvidiaPaths::answerable)
            .stream();
    return Stream.concat(rims(), device.flatMap(this::statuses)).toList();
  }

  /** What the reference values take that are held for the report. */
  List<Need> ofReferenceValues() {
    return held.rims().stream()
        .filter(this::isForReport)
        .flatMap(rim -> found(NvidiaPaths.ofRim(rim, anchors, now)).stream())
        .flatMap(this::statuses)
        .distinct()
        .toList();
  }

  private Stream<Need> rims() {
    NvidiaReport report = evidence.report();
    return Stream.of(report.driverRimId(), report.vbiosRimId())
        .filter(NvidiaItem.ReferenceValues::isName)
        .map(id ->
            new Need(
                new NvidiaItem.ReferenceValues(id),
                held.rims().stream().noneMatch(rim -> rim.isNamed(id))));
  }

  private boolean isForReport(NvidiaRim rim) {
    NvidiaReport report = evidence.report();
    return rim.isNamed(report.driverRimId()) || rim.isNamed(report.vbiosRimId());
  }

  private Stream<Need> statuses(CertificatePath path) {
    return path.paths().stream()
        .map(each ->
            new Need(
                new NvidiaItem.Status(Certificates.fingerprint(each.leaf())),
                !isAnswered(each),
                Optional.of(shown(each))));
  }

  private boolean isAnswered(CertificatePath path) {
    return OcspAnswer.newest(held.ocspAnswers(), path.leaf(), path.issuer())
        .flatMap(a -> a.about(path.leaf(), path.issuer()))
        .filter(r -> r.window().contains(now))
        .isPresent();
  }

  private static Entry.Answer shown(CertificatePath path) {
    StringBuilder pem = new StringBuilder();
    path.all().forEach(c -> pem.append(Pem.CERTIFICATE.encode(Certificates.encoded(c))));
    return new Entry.Answer(Bytes.of(pem.toString().getBytes(StandardCharsets.US_ASCII)), "");
  }

  private static Optional<CertificatePath> found(PathSearch.Result result) {
    return result instanceof PathSearch.Found(CertificatePath path, _)
        ? Optional.of(path)
        : Optional.empty();
  }
}
