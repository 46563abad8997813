package dev.leasehold.core.appraise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.evidence.snp.SnpVectors;
import dev.leasehold.core.lease.Claim;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tee;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The strict policy over genuine reports. Nobody but AMD can sign a revocation list for them and
 * none was collected, so the claim {@code crl} fails everywhere here.
 */
class AppraiserVectorsTest {
  private static final Hash CONFIG = new Hash("cc".repeat(32));
  private static final Nonce NONCE = new Nonce("a5".repeat(32));
  private static final Measurements.TcbFloor NO_FLOOR = new Measurements.TcbFloor(0, 0, 0, 0, 0);
  private static final Measurements.Policy STRICT =
      policy(Map.of("genoa", NO_FLOOR, "turin", NO_FLOOR), true, false, true);

  static List<SnpVectors.Case> cases() {
    return SnpVectors.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void strictPolicyAcceptsWhatIsExpected(SnpVectors.Case c) throws Malformed {
    List<String> failed = failed(c, STRICT);
    assertThat(failed.isEmpty()).as(failed.toString()).isEqualTo(c.acceptedByStrict());
  }

  @Test
  void everyRefusalNamesItsOwnReason() throws Malformed {
    assertThat(failed("snp-1", STRICT)).containsExactly("family", "tcb");
    assertThat(failed("snp-4", STRICT)).containsExactly("family", "tcb", "alias-check");
    assertThat(failed("snp-5", STRICT)).containsExactly("family", "tcb", "vmpl");
    assertThat(failed("snp-6", STRICT)).containsExactly("family", "tcb", "debug", "alias-check");
    assertThat(failed("snp-7", STRICT)).containsExactly("chain");
  }

  @Test
  void aFloorAboveAnyComponentIsRefusedForItsTcb() throws Malformed {
    for (Measurements.TcbFloor floor :
        List.of(
            new Measurements.TcbFloor(1, 10, 0, 23, 84),
            new Measurements.TcbFloor(0, 11, 0, 23, 84),
            new Measurements.TcbFloor(0, 10, 1, 23, 84),
            new Measurements.TcbFloor(0, 10, 0, 24, 84),
            new Measurements.TcbFloor(0, 10, 0, 23, 85),
            new Measurements.TcbFloor(0, 10, 0, 23, 1L << 40))) {
      assertThat(failed("snp-2", policy(Map.of("genoa", floor), true, false, true)))
          .containsExactly("tcb");
    }
    assertThat(failed("snp-2", floor(0, 10, 0, 23, 84))).isEmpty();
    assertThat(failed("snp-3", policy(Map.of("turin", turin(1)), true, false, true))).isEmpty();
    assertThat(failed("snp-3", policy(Map.of("turin", turin(2)), true, false, true)))
        .containsExactly("tcb");
  }

  @Test
  void smtAndCiphertextHidingAreHeldToThePolicy() throws Malformed {
    Map<String, Measurements.TcbFloor> genoa = Map.of("genoa", NO_FLOOR);
    assertThat(failed("snp-2", policy(genoa, false, false, true))).containsExactly("smt");
    assertThat(failed("snp-2", policy(genoa, true, true, true)))
        .containsExactly("ciphertext-hiding");
  }

  @Test
  void withoutAliasCheckDemandedAnOlderFirmwareMayServe() throws Malformed {
    assertThat(failed("snp-4", policy(Map.of("milan", NO_FLOOR), true, false, false))).isEmpty();
    assertThat(failed("snp-4", policy(Map.of("milan", NO_FLOOR), true, false, true)))
        .containsExactly("alias-check");
  }

  @Test
  void eachPartOfTheReferenceValueIsComparedByItself() throws Malformed {
    HexBytes other = new HexBytes("ab".repeat(48));
    assertThat(failed(e -> with(e, other, e.config(), e.hostData())))
        .containsExactly("measurement");
    assertThat(failed(e -> with(e, e.measurement(), new Hash("ab".repeat(32)), e.hostData())))
        .containsExactly("config");
    assertThat(failed(e -> with(e, e.measurement(), e.config(), HexBytes.EMPTY)))
        .containsExactly("host-data");
    assertThat(
            failed(e ->
                new Measurements.Entry(
                    Tee.TDX, e.measurement(), "p", e.config(), e.hostData(), List.of())))
        .containsExactly("measurement", "host-data", "config");
  }

  @Test
  void partsOfDifferentEntriesDoNotAddUpToOne() throws Malformed {
    SnpVectors.Case c = SnpVectors.byId("snp-2");
    Measurements.Entry good = entry(c);
    Measurements both =
        measurements(
            STRICT,
            with(good, good.measurement(), new Hash("ab".repeat(32)), good.hostData()),
            with(good, new HexBytes("ab".repeat(48)), good.config(), good.hostData()));
    assertThat(failed(c, both, binding(c))).containsExactly("config");
  }

  @Test
  void anotherStatementIsRefusedForItsReportData() throws Malformed {
    SnpVectors.Case c = SnpVectors.byId("snp-2");
    assertThat(failed(c, measurements(STRICT, entry(c)), Binding.to(CONFIG, NONCE, CONFIG)))
        .containsExactly("report-data");
  }

  @Test
  void theAppraisalListsEveryCheckInTheOrderOfTheProtocol() throws Malformed {
    SnpVectors.Case c = SnpVectors.byId("snp-2");
    Appraisal appraisal = appraise(c, measurements(STRICT, entry(c)), binding(c));
    assertThat(appraisal.claims())
        .extracting(Claim::claim)
        .containsExactly(
            "chain",
            "product",
            "crl",
            "signing-key",
            "signature",
            "chip-id",
            "endorsed-tcb",
            "tcb-order",
            "crl",
            "family",
            "tcb",
            "debug",
            "migration",
            "reserved-bits",
            "vmpl",
            "alias-check",
            "smt",
            "ciphertext-hiding",
            "measurement",
            "host-data",
            "config",
            "report-data");
    assertThat(appraisal.checks())
        .allSatisfy(k -> {
          assertThat(k.source()).startsWith("protocol §6.2 step ");
          assertThat(k.remedy().isEmpty()).isEqualTo(k.ok());
          assertThat(k.expected()).isNotEmpty();
          assertThat(k.got()).isNotEmpty();
        });
  }

  @Test
  void aRefusalNeedsAFailedCheckAndKeepsTheFirst() {
    Check ok = Check.passed("a", "x", "x", "s");
    Check bad = Check.failed("b", "x", "y", "s", "do z");
    Check worse = Check.failed("c", "x", "y", "s", "do w");
    assertThatThrownBy(() -> new Appraisal.Refused(Optional.empty(), List.of(ok)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Appraisal.Refused(Optional.empty(), List.of(ok, bad, worse)).refusal())
        .hasToString("b: expected x, got y (s); remedy: do z");
    assertThat(new Appraisal.Refused(Optional.empty(), List.of(bad)).and(List.of(worse)).checks())
        .containsExactly(bad, worse);
  }

  private static List<String> failed(UnaryOperator<Measurements.Entry> change) throws Malformed {
    SnpVectors.Case c = SnpVectors.byId("snp-2");
    return failed(c, measurements(STRICT, change.apply(entry(c))), binding(c));
  }

  private static List<String> failed(String id, Measurements.Policy policy) throws Malformed {
    return failed(SnpVectors.byId(id), policy);
  }

  private static List<String> failed(SnpVectors.Case c, Measurements.Policy policy)
      throws Malformed {
    return failed(c, measurements(policy, entry(c)), binding(c));
  }

  private static List<String> failed(SnpVectors.Case c, Measurements set, Binding binding)
      throws Malformed {
    return appraise(c, set, binding).checks().stream()
        .filter(k -> !k.ok() && !k.claim().equals("crl"))
        .map(Check::claim)
        .toList();
  }

  private static Appraisal appraise(SnpVectors.Case c, Measurements set, Binding binding)
      throws Malformed {
    Verdict verdict = c.verify();
    Appraisal appraisal = Appraiser.appraise(verdict, set, binding, c.inside());
    assertThat(appraisal).isInstanceOf(Appraisal.Refused.class);
    return appraisal;
  }

  private static Measurements measurements(
      Measurements.Policy policy, Measurements.Entry... entries) {
    return new Measurements(
        new Id("00".repeat(16)), 1, Optional.empty(), 0, List.of(entries), policy, 0, List.of());
  }

  private static Measurements.Entry entry(SnpVectors.Case c) throws Malformed {
    SnpReport r = SnpReport.parse(c.reportBytes().toArray());
    return new Measurements.Entry(
        Tee.SEV_SNP, r.measurement(), "program/1", CONFIG, r.hostData(), List.of());
  }

  private static Measurements.Entry with(
      Measurements.Entry e, HexBytes measurement, Hash config, HexBytes hostData) {
    return new Measurements.Entry(e.tee(), measurement, e.program(), config, hostData, e.tdx());
  }

  private static Binding binding(SnpVectors.Case c) throws Malformed {
    ReportData reportData = SnpReport.parse(c.reportBytes().toArray()).reportData();
    return new Binding(reportData, NONCE, CONFIG);
  }

  private static Measurements.Policy floor(int fmc, int boot, int tee, int snp, int microcode) {
    return policy(
        Map.of("genoa", new Measurements.TcbFloor(fmc, boot, tee, snp, microcode)),
        true,
        false,
        true);
  }

  private static Measurements.TcbFloor turin(int fmc) {
    return new Measurements.TcbFloor(fmc, 1, 1, 4, 81);
  }

  private static Measurements.Policy policy(
      Map<String, Measurements.TcbFloor> floors, boolean smt, boolean hiding, boolean aliasCheck) {
    return new Measurements.Policy(
        List.copyOf(floors.keySet()),
        floors,
        0,
        List.of("UpToDate"),
        List.of(),
        smt,
        hiding,
        aliasCheck,
        604_800_000);
  }
}
