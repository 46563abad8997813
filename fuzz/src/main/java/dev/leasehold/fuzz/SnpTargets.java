package dev.leasehold.fuzz;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.snp.CertTable;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.platform.CertTableWriter;
import dev.leasehold.testkit.snp.Flaw;
import dev.leasehold.testkit.snp.Forgery;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.snp.SnpForger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** SEV-SNP: reports, certificate tables, and verification of whatever parses. */
final class SnpTargets {
  private static final Instant NOW = Instant.parse("2026-02-20T00:00:00Z");

  static final List<Target> ALL =
      List.of(
          new Target("snp-report", SnpTargets::reports, SnpTargets::report),
          new Target("snp-certificate", SnpTargets::certificates, SnpTargets::certificate),
          new Target("snp-cert-table", SnpTargets::tables, SnpTargets::table));

  private SnpTargets() {}

  /** Made on first use: RSA keys take seconds. */
  private static final class Forged {
    static final Forgery SNP = forge();
  }

  private static Forgery forge() {
    ReportRequest request =
        ReportRequest.of(ReportData.of(new byte[ReportData.BYTES]), new HexBytes("5a".repeat(48)));
    return new SnpForger(SimulatedChip.create(SimulatedAmd.shared()))
        .forge(Flaw.NONE, request, NOW);
  }

  private static List<byte[]> reports() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("snp", ".report"));
    out.add(Forged.SNP.quote().toArray());
    return out;
  }

  private static List<byte[]> certificates() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("snp", ".vcek.der", ".vlek.der"));
    out.add(Certificates.encoded(Forged.SNP.certificates().getFirst()));
    return out;
  }

  private static List<byte[]> tables() {
    return List.of(CertTableWriter.write(Forged.SNP.certificates()), new byte[0], new byte[24]);
  }

  private static void report(byte[] input) throws Malformed {
    SnpReport report = SnpReport.parse(input);
    Target.require(input.length == SnpReport.BYTES, "a report of another length");
    byte[] signed = Arrays.copyOf(input, SnpReport.SIGNED_BYTES);
    Target.require(Arrays.equals(report.signedPart().bytes(), signed), "what is signed");
    boolean own = Arrays.equals(signed, Arrays.copyOf(Forged.SNP.quote().toArray(), signed.length));
    Target.require(
        own || !genuine(report, Forged.SNP.certificates()), "a forged report is genuine");
  }

  private static void certificate(byte[] input) throws Malformed {
    List<X509Certificate> chain = new ArrayList<>(Forged.SNP.certificates());
    X509Certificate own = chain.set(0, Certificates.parse("input", input));
    boolean genuine = genuine(SnpReport.parse(Forged.SNP.quote().toArray()), chain);
    Target.require(!genuine || own.equals(chain.getFirst()), "a forged certificate is genuine");
  }

  private static void table(byte[] input) throws Malformed {
    CertTable table = CertTable.parse(input);
    table.entries().values().forEach(e -> Target.require(e.length() <= input.length, "a slice"));
    table.certificates();
  }

  private static boolean genuine(SnpReport report, List<X509Certificate> certificates) {
    return Verifier.verify(
            new SnpEvidence(report, certificates),
            Forged.SNP.collateral(),
            SimulatedAmd.shared().anchors(),
            NOW)
        instanceof Verdict.Genuine;
  }
}
