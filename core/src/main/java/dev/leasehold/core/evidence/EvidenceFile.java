package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.azure.AzureEvidence;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import dev.leasehold.core.evidence.dcap.Quote;
import dev.leasehold.core.evidence.nitro.NitroEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaReport;
import dev.leasehold.core.evidence.snp.CertTable;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.evidence.tpm.TpmEvidence;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.DerReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads evidence, and what its host sent along, from files as each technology writes them. */
public final class EvidenceFile {
  private static final String PEM = "-----BEGIN ";

  private EvidenceFile() {}

  /**
   * Reads one piece of evidence.
   *
   * @param certificates what the host sent along: candidates, believed only up to a pinned root
   */
  public static Evidence read(
      EvidenceKind kind, byte[] evidence, List<X509Certificate> certificates) throws Malformed {
    return switch (kind) {
      case SNP -> new SnpEvidence(SnpReport.parse(evidence), certificates);
      case SGX, TDX -> quote(kind, new DcapEvidence(Quote.parse(evidence), certificates));
      case NITRO -> NitroEvidence.parse(evidence);
      case NVIDIA -> new NvidiaEvidence(NvidiaReport.parse(evidence), certificates);
      case AZURE -> AzureEvidence.parse(evidence, certificates);
      case TPM -> TpmEvidence.parse(evidence, certificates);
    };
  }

  /** A quote says itself what it is of. */
  private static Evidence quote(EvidenceKind kind, DcapEvidence evidence) throws Malformed {
    if (evidence.kind() != kind) {
      throw new Malformed("quote", "one of " + kind.word(), "one of " + evidence.kind().word());
    }
    return evidence;
  }

  /**
   * Reads certificates that came with evidence: PEM, DER, or the table that an SEV-SNP host hands
   * to its guest. {@code name} names the file in errors.
   */
  public static List<X509Certificate> certificates(String name, byte[] bytes) throws Malformed {
    if (bytes.length > 0 && bytes[0] == DerReader.SEQUENCE) {
      return List.of(Certificates.parse(name, bytes));
    }
    boolean text = new String(bytes, StandardCharsets.ISO_8859_1).strip().startsWith(PEM);
    List<X509Certificate> found =
        text ? Certificates.parseAny(name, bytes) : CertTable.parse(bytes).certificates();
    if (found.isEmpty()) {
      throw new Malformed(name, "certificates in PEM, in DER or in a host's table", "none");
    }
    return found;
  }
}
