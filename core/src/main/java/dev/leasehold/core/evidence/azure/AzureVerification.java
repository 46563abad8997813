package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.dcap.TdReport;
import dev.leasehold.core.evidence.dcap.TdxClaims;
import dev.leasehold.core.evidence.snp.SnpClaims;
import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.evidence.tpm.QuoteChecks;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.pki.Anchors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * The steps from genuine hardware to the registers of the guest's TPM: the hardware report is that
 * of the paravisor, hashes the runtime data, these name the TPM's key, and the key signed the
 * quote. The first step that fails ends it.
 */
public final class AzureVerification {
  private static final String HCL = "Azure confidential VM guest attestation, HCL report";

  private final AzureEvidence evidence;
  private final EnvironmentClaims hardware;
  private final Optional<EventLog> log;

  private AzureVerification(
      AzureEvidence evidence, EnvironmentClaims hardware, List<EventLog> logs) {
    this.evidence = evidence;
    this.hardware = hardware;
    this.log = logs.stream().findFirst();
  }

  public static Verdict verify(
      AzureEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    Collateral ofHardware = collateral.withoutEventLogs();
    return switch (Verifier.verify(evidence.hardware(), ofHardware, anchors, now)) {
      case Verdict.Refused refused -> refused;
      case Verdict.Genuine(EnvironmentClaims claims, List<Check> checks) ->
          new AzureVerification(evidence, claims, collateral.eventLogs()).run(checks);
      case Verdict.Genuine(VerifiedClaims claims, _) ->
          throw new IllegalArgumentException("no environment: " + claims.kind());
    };
  }

  private Verdict run(List<Check> hardwareChecks) {
    Steps steps = new Steps();
    hardwareChecks.forEach(steps::take);
    List<Supplier<Check>> all = new ArrayList<>();
    all.add(this::reportIsTheParavisors);
    all.add(this::reportHashesTheRuntimeData);
    all.addAll(
        QuoteChecks.of(List.of(evidence.quote()), evidence.hcl().runtime().attestationKey()));
    all.add(this::registersOfTheProgramAreQuoted);
    return steps.takeAll(all)
        ? new Verdict.Genuine(new AzureClaims(evidence, hardware, log), steps.taken())
        : steps.refused();
  }

  /** A guest below the paravisor may ask for reports too, with whatever report data it likes. */
  private Check reportIsTheParavisors() {
    return switch (hardware) {
      case SnpClaims snp ->
          Check.of(
              snp.report().vmpl() == 0,
              "paravisor",
              "VMPL 0",
              "VMPL " + snp.report().vmpl(),
              HCL,
              "send the report the paravisor left in NV index 0x01400001");
      case TdxClaims tdx -> quoteIsOfTheReport(tdx);
      case EnvironmentClaims other ->
          throw new IllegalArgumentException("not below a paravisor: " + other.kind());
    };
  }

  /** The paravisor's TDREPORT counts for nothing but that the quote says the same. */
  private Check quoteIsOfTheReport(TdxClaims tdx) {
    TdReport quoted = tdx.report();
    StringBuilder got = new StringBuilder();
    List.of(
            quoted.teeTcbSvn(),
            quoted.mrSeam(),
            quoted.mrSignerSeam(),
            quoted.seamAttributes(),
            quoted.tdAttributes().raw(),
            quoted.xfam(),
            quoted.mrTd(),
            quoted.mrConfigId(),
            quoted.mrOwner(),
            quoted.mrOwnerConfig())
        .forEach(field -> got.append(field.hex()));
    quoted.rtmr().forEach(register -> got.append(register.hex()));
    got.append(quoted.reportData().value().hex());
    String expected = evidence.hcl().tdReport().orElseThrow().asQuoted().hex();
    return Check.of(
        got.toString().equals(expected),
        "td-report",
        "a quote of the TDREPORT in the HCL report: MRTD, RTMRs, attributes, report data",
        got.toString().equals(expected) ? "the same in both" : "another, of MRTD " + quoted.mrTd(),
        HCL,
        "quote the TDREPORT the paravisor left in NV index 0x01400001");
  }

  /** Over the very bytes that are parsed; a re-encoding would prove another text. */
  private Check reportHashesTheRuntimeData() {
    byte[] hash = Digests.sha256(evidence.hcl().runtimeData().toArray()).bytes();
    ReportData expected = ReportData.of(Arrays.copyOf(hash, ReportData.BYTES));
    return Check.of(
        hardware.reportData().equals(expected.value()),
        "runtime-data",
        expected + ": SHA-256 of the runtime data, then zeros",
        hardware.reportData().hex(),
        HCL,
        "send the HCL report unchanged with the evidence of the same machine");
  }

  private Check registersOfTheProgramAreQuoted() {
    SortedMap<Integer, HexBytes> sha256 = evidence.quote().pcrs().get(TpmHash.SHA256);
    Set<Integer> quoted = sha256 == null ? Set.of() : sha256.keySet();
    return Check.of(
        quoted.containsAll(AzureClaims.PROGRAM_PCRS),
        "program-pcrs",
        "PCRs " + AzureClaims.PROGRAM_PCRS + " of the SHA-256 bank",
        "PCRs " + quoted,
        "protocol §6.1 (measurement)",
        "quote every register that tells which program booted");
  }
}
