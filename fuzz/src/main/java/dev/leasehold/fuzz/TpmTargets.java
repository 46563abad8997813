package dev.leasehold.fuzz;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.azure.AzureEvidence;
import dev.leasehold.core.evidence.azure.HclReport;
import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.evidence.tpm.TpmAttest;
import dev.leasehold.core.evidence.tpm.TpmEvidence;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.evidence.tpm.TpmPublic;
import dev.leasehold.core.evidence.tpm.TpmSignature;
import dev.leasehold.core.evidence.tpm.TpmSignature.Scheme;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.testkit.azure.AzureForger;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.tpm.Flaw;
import dev.leasehold.testkit.tpm.Forgery;
import dev.leasehold.testkit.tpm.SimulatedGoogle;
import dev.leasehold.testkit.tpm.SimulatedTpm;
import dev.leasehold.testkit.tpm.TpmForger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** TPM quotes, their containers, event logs, and what Azure wraps around a TPM. */
final class TpmTargets {
  private static final Instant NOW = Instant.parse("2026-02-20T00:00:00Z");

  static final List<Target> ALL =
      List.of(
          new Target("tpm-container", TpmTargets::containers, TpmTargets::container),
          new Target("tpm-attest", TpmTargets::statements, TpmTargets::statement),
          new Target("tpm-signature", TpmTargets::signatures, TpmSignature::parse),
          new Target("tpm-public", TpmTargets::areas, TpmPublic::parse),
          new Target("event-log", TpmTargets::logs, TpmTargets::log),
          new Target("azure-container", TpmTargets::azure, TpmTargets::azure),
          new Target("hcl-report", TpmTargets::hclReports, TpmTargets::hclReport));

  private TpmTargets() {}

  /** Made on first use: RSA keys take seconds. */
  private static final class Forged {
    static final SimulatedGoogle GOOGLE = SimulatedGoogle.create();
    static final Forgery TPM =
        new TpmForger(SimulatedTpm.create(Scheme.ECDSA), GOOGLE, SimulatedGoogle.create())
            .forge(Flaw.NONE, new byte[32], NOW);
    static final SimulatedChip CHIP = SimulatedChip.create(SimulatedAmd.shared());
    static final byte[] AZURE =
        new AzureForger(CHIP, CHIP).forge(dev.leasehold.testkit.azure.Flaw.NONE, new byte[32]);
  }

  private static List<byte[]> containers() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("tpm", ".pb", ".json"));
    out.add(Forged.TPM.container().toArray());
    return out;
  }

  private static List<byte[]> statements() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("tpm", "attest-only.bin"));
    out.add(Forged.TPM.evidence().quotes().getFirst().attest().signed().toArray());
    return out;
  }

  private static List<byte[]> signatures() {
    byte[] rsa = new byte[6 + 256];
    System.arraycopy(new byte[] {0, 0x14, 0, 0x0b, 1, 0}, 0, rsa, 0, 6);
    byte[] ecdsa = new byte[4 + 2 + 32 + 2 + 32];
    System.arraycopy(new byte[] {0, 0x18, 0, 0x0b, 0, 32}, 0, ecdsa, 0, 6);
    ecdsa[39] = 32;
    return List.of(rsa, ecdsa);
  }

  /** The area in go-tpm-tools' message: after a tag and two bytes of length. */
  private static List<byte[]> areas() throws Exception {
    List<byte[]> out = new ArrayList<>();
    for (byte[] message : Vectors.all("tpm", ".pb")) {
      out.add(Arrays.copyOfRange(message, 3, 3 + 280));
    }
    return out.isEmpty() ? List.of(new byte[280]) : out;
  }

  private static List<byte[]> logs() throws Exception {
    List<byte[]> out =
        new ArrayList<>(Vectors.all("tpm", "-snp.bin", "-missing.bin", "-action.bin"));
    String log = member(Forged.TPM.container().toArray(), "eventLog");
    out.add(Base64.getDecoder().decode(log));
    return out;
  }

  private static List<byte[]> azure() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("azure", ".json"));
    out.add(Forged.AZURE);
    return out;
  }

  private static List<byte[]> hclReports() throws Exception {
    return List.of(Base64.getUrlDecoder().decode(member(Forged.AZURE, "hcl_report")));
  }

  private static String member(byte[] json, String name) throws Malformed {
    Json value = ApiJson.parse(name, json, json.length).get(name).orElseThrow();
    return ((Json.Str) value).value();
  }

  /** Whatever the container, no key is believed for being in it. */
  private static void container(byte[] input) throws Malformed {
    TpmEvidence evidence = TpmEvidence.parse(input);
    Verdict verdict = Verifier.verify(evidence, Collateral.NONE, PinnedAnchors.ANCHORS, NOW);
    Target.require(verdict instanceof Verdict.Refused, "a bare key is believed");
    Verifier.verify(
        evidence,
        Collateral.ofAttestationKeys(List.of(evidence.key())),
        Forged.GOOGLE.anchors(),
        NOW);
  }

  private static void statement(byte[] input) throws Malformed {
    Target.require(
        Arrays.equals(TpmAttest.parse(input).signed().toArray(), input), "what is signed");
  }

  private static void log(byte[] input) throws Malformed {
    EventLog log = EventLog.parsePadded(input);
    for (TpmHash bank : TpmHash.values()) {
      log.replay(bank);
    }
    log.replayRtmrs();
  }

  private static void azure(byte[] input) throws Malformed {
    AzureEvidence evidence = AzureEvidence.parse(input);
    Collateral issuers =
        Collateral.ofCertificates(
            List.of(SimulatedAmd.shared().ask(), SimulatedAmd.shared().ark()));
    boolean genuine =
        Verifier.verify(evidence, issuers, SimulatedAmd.shared().anchors(), NOW)
            instanceof Verdict.Genuine;
    AzureEvidence own = AzureEvidence.parse(Forged.AZURE);
    Target.require(
        !genuine || evidence.quote().attest().equals(own.quote().attest()),
        "a forged quote is genuine");
  }

  private static void hclReport(byte[] input) throws Malformed {
    HclReport.parse(input);
    Target.require(input.length == HclReport.BYTES, "an HCL report of another length");
  }
}
