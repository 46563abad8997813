package dev.leasehold.core.appraise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.dcap.DcapClaims;
import dev.leasehold.core.evidence.dcap.DcapVectors;
import dev.leasehold.core.evidence.dcap.TdxClaims;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tee;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies over genuine SGX and TDX platforms. */
class DcapAppraiserTest {
  private static final Hash CONFIG = new Hash("cc".repeat(32));
  private static final Nonce NONCE = new Nonce("a5".repeat(32));
  private static final long DAY = 86_400_000;
  private static final Measurements.Policy POLICY =
      policy(17, List.of("UpToDate", "SWHardeningNeeded"), List.of("INTEL-SA-00615"), 40 * DAY);

  static List<DcapVectors.Case> genuine() {
    return DcapVectors.genuine();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void strictPolicyAcceptsWhatIsExpected(DcapVectors.Case c) throws Malformed {
    List<String> failed = strict(c, c.claims());
    assertThat(failed.isEmpty()).as(failed.toString()).isEqualTo(c.acceptedByStrict());
  }

  @Test
  void everyRefusalNamesItsOwnReason() throws Malformed {
    assertThat(strict("sgx-1")).containsExactly("tcb");
    assertThat(strict("sgx-3")).containsExactly("tcb", "debug");
    assertThat(strict("tdx-3")).containsExactly("tcb");
    assertThat(strict("tdx-4")).containsExactly("debug");
    assertThat(strict("tdx-5")).containsExactly("trailing-bytes", "tcb", "sept-ve");
    assertThat(strict("tdx-6")).containsExactly("tcb");
    assertThat(strict("tdx-8")).containsExactly("tcb");
  }

  @Test
  void eachAttributeOfATrustDomainIsJudgedByItself() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("tdx-2");
    assertThat(strict(c, c.claimsWith("TDATTRIBUTES", 0, 0x01))).containsExactly("debug");
    assertThat(strict(c, c.claimsWith("TDATTRIBUTES", 0, 0x10))).containsExactly("reserved-bits");
    assertThat(strict(c, c.claimsWith("TDATTRIBUTES", 3, 0x30))).containsExactly("migration");
    assertThat(strict(c, c.claimsWith("TDATTRIBUTES", 3, 0x00))).containsExactly("sept-ve");
    assertThat(strict(c, c.claimsWith("TDATTRIBUTES", 3, 0xd8))).isEmpty();
    assertThat(strict(c, c.claimsWith("TDATTRIBUTES", 4, 0x01))).containsExactly("reserved-bits");
    assertThat(strict(c, c.claimsWith("TDATTRIBUTES", 7, 0x80))).containsExactly("perfmon");
    assertThat(strict(c, c.claimsWith("MRSERVICETD", 47, 0x01))).containsExactly("service-td");
  }

  @Test
  void eachAttributeOfAnEnclaveIsJudgedByItself() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("sgx-2");
    assertThat(strict(c, c.claimsWith("ATTRIBUTES", 0, 0x07))).containsExactly("debug");
    assertThat(strict(c, c.claimsWith("ATTRIBUTES", 0, 0x04))).containsExactly("init");
    assertThat(strict(c, c.claimsWith("ATTRIBUTES", 0, 0x0d))).containsExactly("reserved-bits");
    assertThat(strict(c, c.claimsWith("RESERVED", 3, 0x01))).containsExactly("reserved-bits");
  }

  @Test
  void anOwnersEntryAffirmsAGenuinePlatform() throws Malformed {
    for (DcapVectors.Case c : DcapVectors.accepted()) {
      Appraisal appraisal = appraise(c, entry(c.claims(), List.of("*", "*", "*", "*")), POLICY);
      assertThat(appraisal).as(appraisal.toString()).isInstanceOf(Appraisal.Affirming.class);
      assertThat(appraisal.checks())
          .allSatisfy(k -> {
            assertThat(k.source()).contains("protocol §6.2 step ");
            assertThat(k.expected()).isNotEmpty();
            assertThat(k.got()).isNotEmpty();
          });
    }
  }

  @Test
  void aTrustDomainsRegistersAreComparedOneByOne() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("tdx-7");
    DcapClaims claims = c.claims();
    List<String> registers = registers(claims);
    String other = "ab".repeat(48);
    assertThat(failed(c, entry(claims, registers), POLICY)).isEmpty();
    assertThat(failed(c, entry(claims, List.of(other, "*", "*", "*")), POLICY))
        .containsExactly("rtmr0");
    assertThat(failed(c, entry(claims, List.of("*", other, registers.get(2), other)), POLICY))
        .containsExactly("rtmr1", "rtmr3");
    assertThat(failed(c, entry(claims, List.of()), POLICY))
        .containsExactly("rtmr0", "rtmr1", "rtmr2", "rtmr3");
    assertThat(failed(c, entry(claims, registers.subList(0, 3)), POLICY)).containsExactly("rtmr3");
  }

  @Test
  void registersOfDifferentEntriesDoNotAddUpToOne() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("tdx-7");
    String other = "ab".repeat(48);
    Measurements.Entry first = entry(c.claims(), List.of("*", other, "*", "*"));
    Measurements.Entry second = entry(c.claims(), List.of(other, "*", "*", "*"));
    Appraisal appraisal =
        Appraiser.appraise(
            c.verify(), set(POLICY, List.of(first, second)), binding(c.claims()), c.inside());
    assertThat(failed(appraisal)).containsExactly("rtmr1");
  }

  @Test
  void otherPartsOfTheReferenceValueAreComparedToo() throws Malformed {
    for (String id : List.of("sgx-2", "tdx-2")) {
      DcapVectors.Case c = DcapVectors.byId(id);
      Measurements.Entry good = entry(c.claims(), List.of("*", "*", "*", "*"));
      HexBytes hostData = new HexBytes("01".repeat(id.equals("sgx-2") ? 64 : 48));
      HexBytes measurement = new HexBytes("ab".repeat(good.measurement().bytes().length));
      assertThat(failed(c, with(good, measurement, good.hostData()), POLICY))
          .containsExactly("measurement");
      assertThat(failed(c, with(good, good.measurement(), hostData), POLICY))
          .containsExactly("host-data");
    }
  }

  @Test
  void configurationGivenAtLaunchMustBeExpected() throws Malformed {
    DcapVectors.Case enclave = DcapVectors.byId("sgx-2");
    DcapVectors.Case domain = DcapVectors.byId("tdx-2");
    assertThat(judged(enclave, enclave.claimsWith("CONFIGID", 63, 1))).containsExactly("host-data");
    assertThat(judged(domain, domain.claimsWith("MRCONFIGID", 0, 1))).containsExactly("host-data");
    assertThat(judged(domain, domain.claimsWith("RTMR2", 47, 1))).isEmpty();
  }

  @Test
  void advisoriesEvaluationAndAgeAreHeldToThePolicy() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("sgx-2");
    Measurements.Entry e = entry(c.claims(), List.of());
    List<String> status = List.of("SWHardeningNeeded");
    List<String> advisory = List.of("INTEL-SA-00615");
    assertThat(failed(c, e, policy(17, status, advisory, 40 * DAY))).isEmpty();
    assertThat(failed(c, e, policy(17, status, List.of(), 40 * DAY))).containsExactly("advisories");
    assertThat(failed(c, e, policy(18, status, advisory, 40 * DAY)))
        .containsExactly("tcb-evaluation");
    assertThat(failed(c, e, policy(17, List.of("UpToDate"), advisory, 40 * DAY)))
        .containsExactly("tcb");
    assertThat(failed(c, e, policy(17, status, advisory, DAY))).containsExactly("crl");
  }

  @Test
  void theStatementNamesTheLevelInIntelsWords() throws Malformed {
    DcapClaims claims = DcapVectors.byId("tdx-6").claims();
    assertThat(Appraiser.tcb(claims, POLICY))
        .isEqualTo(
            new AppraisalStatement.Tcb(
                "OutOfDate",
                claims.svn(),
                17,
                List.of("INTEL-SA-00960", "INTEL-SA-00982", "INTEL-SA-00986")));
    assertThat(Appraiser.tee(claims)).isEqualTo(Tee.TDX);
    assertThat(Appraiser.tee(DcapVectors.byId("sgx-1").claims())).isEqualTo(Tee.SGX);
  }

  private static List<String> strict(String id) throws Malformed {
    return strict(DcapVectors.byId(id), DcapVectors.byId(id).claims());
  }

  private static List<String> strict(DcapVectors.Case c, DcapClaims claims) {
    return failed(PlatformChecks.of(claims, PlatformPolicy.STRICT, c.inside()));
  }

  /** Claims that only this test made, under the entry of the genuine ones. */
  private static List<String> judged(DcapVectors.Case c, DcapClaims claims) throws Malformed {
    Measurements.Entry entry = entry(c.claims(), List.of("*", "*", "*", "*"));
    Verdict verdict = new Verdict.Genuine(claims, List.of());
    return failed(
        Appraiser.appraise(verdict, set(POLICY, List.of(entry)), binding(claims), c.inside()));
  }

  private static List<String> failed(
      DcapVectors.Case c, Measurements.Entry entry, Measurements.Policy policy) throws Malformed {
    return failed(appraise(c, entry, policy));
  }

  private static List<String> failed(Appraisal appraisal) {
    return failed(appraisal.checks());
  }

  private static List<String> failed(List<Check> checks) {
    return checks.stream().filter(k -> !k.ok()).map(Check::claim).toList();
  }

  private static Appraisal appraise(
      DcapVectors.Case c, Measurements.Entry entry, Measurements.Policy policy) throws Malformed {
    return Appraiser.appraise(
        c.verify(), set(policy, List.of(entry)), binding(c.claims()), c.inside());
  }

  private static List<String> registers(DcapClaims claims) {
    return ((TdxClaims) claims).report().rtmr().stream().map(HexBytes::hex).toList();
  }

  private static Measurements.Entry entry(DcapClaims claims, List<String> registers) {
    return new Measurements.Entry(
        Appraiser.tee(claims), claims.measurement(), "p/1", CONFIG, HexBytes.EMPTY, registers);
  }

  private static Measurements.Entry with(
      Measurements.Entry e, HexBytes measurement, HexBytes hostData) {
    return new Measurements.Entry(e.tee(), measurement, e.program(), e.config(), hostData, e.tdx());
  }

  private static Binding binding(DcapClaims claims) {
    return new Binding(new ReportData(claims.reportData()), NONCE, CONFIG);
  }

  private static Measurements set(Measurements.Policy policy, List<Measurements.Entry> entries) {
    return new Measurements(
        new Id("00".repeat(16)), 1, Optional.empty(), 0, entries, policy, 0, List.of());
  }

  private static Measurements.Policy policy(
      long evaluation, List<String> status, List<String> advisories, long maxCrlAgeMs) {
    return new Measurements.Policy(
        List.of(), Map.of(), evaluation, status, advisories, true, false, true, maxCrlAgeMs);
  }
}
