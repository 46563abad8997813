package dev.leasehold.testkit.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.OcspAnswer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A forged GPU's evidence as a host sends it, and what the verifying party would hold.
 *
 * @param rims reference values in XML
 * @param listed what the evidence statement of the CPU lists as reports of GPUs
 */
public record NvidiaForgery(
    Bytes report,
    List<X509Certificate> certificates,
    List<String> rims,
    List<OcspAnswer> answers,
    List<Hash> listed) {
  public NvidiaForgery {
    certificates = List.copyOf(certificates);
    rims = List.copyOf(rims);
    answers = List.copyOf(answers);
    listed = List.copyOf(listed);
  }

  public NvidiaEvidence evidence() throws Malformed {
    return NvidiaEvidence.parse(
        report.toArray(), certificates.stream().map(Certificates::encoded).toList());
  }

  public Collateral collateral() throws Malformed {
    List<NvidiaRim> read = new ArrayList<>();
    for (String rim : rims) {
      read.add(NvidiaRim.parse("forged RIM", rim.getBytes(StandardCharsets.US_ASCII)));
    }
    return Collateral.ofRims(read).and(Collateral.ofOcspAnswers(answers));
  }
}
