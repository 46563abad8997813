package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.evidence.azure.AzureClaims;
import dev.leasehold.core.evidence.dcap.DcapClaims;
import dev.leasehold.core.evidence.dcap.SgxClaims;
import dev.leasehold.core.evidence.dcap.TdxClaims;
import dev.leasehold.core.evidence.nitro.NitroClaims;
import dev.leasehold.core.evidence.snp.SnpClaims;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tee;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares what genuine hardware says with what the owner accepts (protocol §6.2 steps 2 to 5 and
 * 7). Every check is made and listed, also after one has failed.
 */
public final class Appraiser {
  /** Of a vendor that publishes no patch levels. */
  private static final AppraisalStatement.Tcb NO_LEVELS =
      new AppraisalStatement.Tcb("", HexBytes.EMPTY, 0, List.of());

  private Appraiser() {}

  public static Appraisal appraise(
      Verdict verdict, Measurements measurements, Binding binding, Instant now) {
    return switch (verdict) {
      case Verdict.Refused(_, List<Check> checks) ->
          new Appraisal.Refused(Optional.empty(), checks);
      case Verdict.Genuine(EnvironmentClaims claims, List<Check> checks) ->
          appraise(claims, checks, measurements, binding, now);
      case Verdict.Genuine(VerifiedClaims claims, List<Check> checks) ->
          new Appraisal.Refused(Optional.empty(), with(checks, isNoEnvironment(claims)));
    };
  }

  /** The kind of environment, as statements name it. */
  public static Tee tee(EnvironmentClaims claims) {
    return switch (claims) {
      case SnpClaims _ -> Tee.SEV_SNP;
      case NitroClaims _ -> Tee.NITRO;
      case SgxClaims _ -> Tee.SGX;
      case TdxClaims _ -> Tee.TDX;
      case AzureClaims azure ->
          azure.hardware() instanceof TdxClaims ? Tee.AZURE_TDX : Tee.AZURE_SNP;
    };
  }

  /** The platform's patch level for an appraisal statement, judged by the owner's floor. */
  public static AppraisalStatement.Tcb tcb(EnvironmentClaims claims, Measurements.Policy policy) {
    return switch (claims) {
      case SnpClaims snp -> new SnpChecks(snp, PlatformPolicy.of(policy)).tcb();
      case NitroClaims _ -> NO_LEVELS;
      case DcapClaims dcap -> new DcapChecks(dcap, PlatformPolicy.of(policy)).tcb();
      case AzureClaims azure -> tcb(azure.hardware(), policy);
    };
  }

  private static Appraisal appraise(
      EnvironmentClaims claims,
      List<Check> verification,
      Measurements measurements,
      Binding binding,
      Instant now) {
    ReferenceSearch search =
        new ReferenceSearch(measurements.entries(), claims, Optional.of(binding.config()));
    List<Check> checks = new ArrayList<>(verification);
    checks.addAll(PlatformChecks.of(claims, PlatformPolicy.of(measurements.policy()), now));
    checks.addAll(search.checks());
    checks.add(statementIsBound(claims, binding.reportData()));
    if (claims instanceof NitroClaims nitro) {
      checks.add(nonceIsOfTheChallenge(nitro, binding.nonce()));
    }
    Optional<Measurements.Entry> entry = search.entry();
    return entry.isPresent() && checks.stream().allMatch(Check::ok)
        ? new Appraisal.Affirming(claims, entry.get(), checks)
        : new Appraisal.Refused(Optional.of(claims), checks);
  }

  /** What the host gave at launch for the program to read, measured apart from it. */
  static HexBytes hostData(EnvironmentClaims claims) {
    return switch (claims) {
      case SnpClaims snp -> snp.report().hostData();
      case NitroClaims _ -> HexBytes.EMPTY;
      case SgxClaims sgx -> sgx.report().configId();
      case TdxClaims tdx -> tdx.report().mrConfigId();
      case AzureClaims azure -> hostData(azure.hardware());
    };
  }

  private static List<Check> with(List<Check> checks, Check last) {
    return Stream.concat(checks.stream(), Stream.of(last)).toList();
  }

  static Check isNoEnvironment(VerifiedClaims claims) {
    return Check.failed(
        "environment",
        "evidence of an environment that a lease can run in",
        "genuine evidence of kind " + claims.kind().word(),
        "protocol §6.2 step 5",
        "send the report of the confidential VM or enclave that runs the program");
  }

  /** A Nitro document has a field of its own for it (protocol §4.3). */
  private static Check nonceIsOfTheChallenge(NitroClaims claims, Nonce expected) {
    Optional<HexBytes> got = claims.document().nonce();
    return Check.of(
        got.equals(Optional.of(new HexBytes(expected.hex()))),
        "nonce",
        expected.hex(),
        got.map(HexBytes::hex).orElse("none"),
        "protocol §4.3; §6.2 step 7",
        "ask the security module for a document with the nonce of the challenge");
  }

  private static Check statementIsBound(EnvironmentClaims claims, ReportData expected) {
    HexBytes got = claims.reportData();
    return Check.of(
        claims.binds(expected),
        "report-data",
        expected.toString(),
        got.isEmpty() ? "none" : got.hex(),
        "protocol §6.2 step 7",
        "take a report over exactly the evidence statement that is sent with it");
  }
}
