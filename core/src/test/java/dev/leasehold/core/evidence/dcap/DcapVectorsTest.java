package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields.Value;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.pki.Window;
import dev.leasehold.core.testing.FlatJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every SGX and TDX quote of the vectors gets the verdict, the status and the values it should. */
class DcapVectorsTest {
  private static final List<String> STEPS =
      List.of(
          "chain",
          "crl",
          "crl",
          "tcb-info",
          "qe-identity",
          "fmspc",
          "tdx-module",
          "qe-signature",
          "qe-binding",
          "qe-identity",
          "signature");

  static List<DcapVectors.Case> cases() {
    return DcapVectors.all();
  }

  static List<DcapVectors.Case> genuine() {
    return DcapVectors.genuine();
  }

  @Test
  void thereAreFifteenCases() {
    assertThat(cases()).hasSize(15);
    assertThat(genuine()).hasSize(11);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictIsTheExpectedOne(DcapVectors.Case c) throws Malformed {
    Verdict verdict = c.verify();
    assertThat(verdict instanceof Verdict.Genuine).as(verdict.toString()).isEqualTo(c.genuine());
  }

  @Test
  void everyRefusalNamesItsOwnReason() throws Malformed {
    assertThat(refusedFor("sgx-4")).isEqualTo("chain");
    assertThat(refusedFor("sgx-5")).isEqualTo("chain");
    assertThat(refusedFor("tdx-9")).isEqualTo("fmspc");
    assertThat(refusedFor("tdx-10")).isEqualTo("chain");
  }

  @Test
  void everyStepIsTakenInTheOrderOfIntelsLibrary() throws Malformed {
    for (DcapVectors.Case c : genuine()) {
      assertThat(c.verify().checks()).allMatch(Check::ok).extracting(Check::claim).isEqualTo(STEPS);
    }
  }

  @Test
  void statusAndAdvisoriesAreIntels() throws Malformed {
    assertThat(tcb("sgx-1"))
        .isEqualTo("ConfigurationAndSWHardeningNeeded [INTEL-SA-00289, INTEL-SA-00615]");
    assertThat(tcb("sgx-2")).isEqualTo("SWHardeningNeeded [INTEL-SA-00615]");
    assertThat(tcb("sgx-3")).startsWith("OutOfDate [INTEL-SA-00586, INTEL-SA-00614, ");
    assertThat(DcapVectors.byId("sgx-3").claims().tcb().advisories()).hasSize(10);
    assertThat(tcb("tdx-1")).isEqualTo("UpToDate []");
    assertThat(tcb("tdx-2")).isEqualTo("UpToDate []");
    assertThat(tcb("tdx-3")).isEqualTo("NotSupported []");
    assertThat(tcb("tdx-4")).isEqualTo("UpToDate []");
    assertThat(tcb("tdx-5")).isEqualTo("NotSupported []");
    assertThat(tcb("tdx-6"))
        .isEqualTo("OutOfDate [INTEL-SA-00960, INTEL-SA-00982, INTEL-SA-00986]");
    assertThat(tcb("tdx-7")).isEqualTo("UpToDate []");
    assertThat(tcb("tdx-8")).startsWith("TDRelaunchAdvised [");
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void levelsAreTheExpectedOnes(DcapVectors.Case c) throws Malformed {
    TcbResult tcb = c.claims().tcbResult();
    c.find("tcb/level/0").ifPresent(s -> assertThat(tcb.platformStatus()).isEqualTo(s));
    c.find("tcb/modlevel/0").ifPresent(s -> assertThat(tcb.moduleStatus()).hasValue(s));
    assertThat(tcb.qeStatus()).isEqualTo(c.get("qe_identity/level/0"));
    assertThat(c.claims().tcb().evaluation()).isEqualTo(Long.parseLong(c.get("tcb/tcbtype/4")));
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void fieldsAreReadAsExpected(DcapVectors.Case c) throws Malformed {
    Map<String, Value> fields =
        c.claims().fields().values().entrySet().stream()
            .collect(
                Collectors.toMap(e -> e.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    Map<String, String> body = FlatJson.under(c.expected(), "body/");
    assertThat(body).hasSizeGreaterThanOrEqualTo(8);
    body.forEach(
        (name, value) -> assertThat(fields.get(ours(name))).as(name).isEqualTo(value(value)));
    assertThat(fields)
        .containsEntry("version", new Value.Count(Long.parseLong(c.get("header/version"))))
        .containsEntry("ppid", new Value.Text(c.get("pck/ppid")))
        .containsEntry("fmspc", new Value.Text(c.get("pck/fmspc")))
        .containsEntry("pceid", new Value.Text(c.get("pck/pceid")))
        .containsEntry("pckcpusvn", new Value.Text(c.get("pck/cpusvn")))
        .containsEntry("pcesvn", new Value.Count(Long.parseLong(c.get("pck/pcesvn"))))
        .containsEntry("debug", new Value.Flag(c.get("verdict").contains("debug")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void quoteIsReadAsExpected(DcapVectors.Case c) throws Malformed {
    Quote quote = Quote.parse(c.quote());
    SgxReport qe = quote.qe().report();
    assertThat(Integer.toString(quote.header().version())).isEqualTo(c.get("header/version"));
    assertThat(Integer.toString(quote.header().qeSvn())).isEqualTo(c.get("header/qesvn"));
    assertThat(Integer.toString(quote.header().pceSvn())).isEqualTo(c.get("header/pcesvn"));
    assertThat(Integer.toString(quote.trailing().bytes())).isEqualTo(c.get("header/trailing"));
    assertThat(quote.trailing().zeros()).isEqualTo(!c.id().equals("tdx-5"));
    assertThat(Integer.toString(quote.certification().type())).isEqualTo(c.get("cert_data_type"));
    assertThat(quote.reservedSet()).isEmpty();
    assertThat(qe.cpuSvn().hex()).isEqualTo(c.get("qe_report/cpusvn"));
    assertThat(qe.miscSelect().hex()).isEqualTo(c.get("qe_report/miscselect"));
    assertThat(qe.attributes()).hasToString(c.get("qe_report/attributes"));
    assertThat(qe.mrEnclave().hex()).isEqualTo(c.get("qe_report/mrenclave"));
    assertThat(qe.mrSigner().hex()).isEqualTo(c.get("qe_report/mrsigner"));
    assertThat(Integer.toString(qe.isvProdId())).isEqualTo(c.get("qe_report/prodid"));
    assertThat(Integer.toString(qe.isvSvn())).isEqualTo(c.get("qe_report/svn"));
    assertThat(qe.reportData()).hasToString(c.get("qe_report/reportdata"));
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void pckCertificateIsReadAsExpected(DcapVectors.Case c) throws Malformed {
    PckCertificate pck = c.claims().pck();
    List<String> components = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      components.add(c.get("pck/comps/" + i));
    }
    assertThat(pck.tcb().components()).extracting(String::valueOf).isEqualTo(components);
    assertThat(Integer.toString(pck.sgxType().number())).isEqualTo(c.get("pck/sgxtype"));
    assertThat(c.claims().platformId())
        .isEqualTo(c.claims().kind().word() + ":" + c.get("pck/ppid"));
    assertThat(c.claims().kind()).isEqualTo(EvidenceKind.of(c.id().substring(0, 3)).orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void genuineWithinTheExpectedWindowAlone(DcapVectors.Case c) throws Malformed {
    Instant from = Instant.parse(c.get("window/not_before"));
    Instant until = Instant.parse(c.get("window/not_after"));
    List<Window> windows = c.claims().windows();
    assertThat(Window.opens(windows)).hasValue(from);
    assertThat(Window.closes(windows)).hasValue(until);
    assertThat(at(c, from)).isEqualTo("genuine");
    assertThat(at(c, until.minusSeconds(1))).isEqualTo("genuine");
    assertThat(at(c, from.minusSeconds(1))).isNotEqualTo("genuine");
    assertThat(at(c, until.plusSeconds(1))).isNotEqualTo("genuine");
  }

  @Test
  void replayedCollateralIsRefusedAtEveryInstant() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("tdx-10");
    Instant end = Instant.parse("2034-01-01T00:00:00Z");
    for (Instant t = Instant.parse("2024-01-01T00:00:00Z");
        t.isBefore(end);
        t = t.plusSeconds(7 * 86_400)) {
      assertThat(at(c, t)).isNotEqualTo("genuine");
    }
  }

  @Test
  void withoutThePinnedRootNothingIsGenuine() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("tdx-1");
    Anchors others =
        new Anchors(
            PinnedAnchors.ANCHORS.all().stream()
                .filter(a -> a.role() != AnchorRole.INTEL_SGX_ROOT)
                .toList());
    Verdict verdict =
        Verifier.verify(
            DcapEvidence.parse(c.quote(), List.of()), c.collateral(), others, c.inside());
    assertThat(claim(verdict)).isEqualTo("chain");
  }

  @Test
  void eachPieceOfCollateralIsNeeded() throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("tdx-1");
    Collateral all = c.collateral();
    assertThat(with(c, Collateral.NONE)).isEqualTo("crl");
    assertThat(with(c, Collateral.ofRevocations(all.revocations().subList(0, 1)))).isEqualTo("crl");
    assertThat(with(c, Collateral.ofRevocations(all.revocations().subList(1, 2)))).isEqualTo("crl");
    Collateral lists = Collateral.ofRevocations(all.revocations());
    assertThat(with(c, lists)).isEqualTo("tcb-info");
    Collateral info = lists.and(Collateral.ofTcbInfos(all.tcbInfos()));
    assertThat(with(c, info)).isEqualTo("qe-identity");
    assertThat(with(c, info.and(Collateral.ofQeIdentities(all.qeIdentities()))))
        .isEqualTo("genuine");
  }

  @Test
  void amongMuchCollateralTheFittingOneIsTaken() throws Malformed {
    Collateral everything = Collateral.NONE;
    for (DcapVectors.Case c : genuine()) {
      everything = everything.and(c.collateral());
    }
    for (DcapVectors.Case c : genuine()) {
      if (c.verify(c.quote(), everything, c.inside())
          instanceof Verdict.Genuine(DcapClaims claims, _)) {
        assertThat(claims.tcb()).isEqualTo(c.claims().tcb());
      } else {
        fail("%s is not genuine among much collateral", c);
      }
    }
  }

  private static String tcb(String id) throws Malformed {
    DcapClaims claims = DcapVectors.byId(id).claims();
    return claims.tcb().status() + " " + claims.tcb().advisories();
  }

  private static String at(DcapVectors.Case c, Instant now) throws Malformed {
    return claim(c.verify(c.quote(), c.collateral(), now));
  }

  private static String with(DcapVectors.Case c, Collateral held) throws Malformed {
    return claim(c.verify(c.quote(), held, c.inside()));
  }

  private static String refusedFor(String id) throws Malformed {
    return claim(DcapVectors.byId(id).verify());
  }

  static String claim(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine _ -> "genuine";
      case Verdict.Refused(var refusal, _) -> refusal.claim();
    };
  }

  private static String ours(String name) {
    return switch (name) {
      case "prodid" -> "isvprodid";
      case "svn" -> "isvsvn";
      default -> name;
    };
  }

  /** Hex has more than five digits in every field. */
  private static Value value(String text) {
    return text.matches("\\d{1,5}") ? new Value.Count(Long.parseLong(text)) : new Value.Text(text);
  }
}
