package dev.leasehold.core.evidence.snp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnpVectorsTest {
  static List<SnpVectors.Case> cases() {
    return SnpVectors.all();
  }

  static List<SnpVectors.Case> genuine() {
    return cases().stream().filter(SnpVectors.Case::genuine).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictIsTheExpectedOne(SnpVectors.Case c) throws Malformed {
    Verdict verdict = c.verify();
    assertThat(verdict instanceof Verdict.Genuine).as(verdict.toString()).isEqualTo(c.genuine());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void strictPolicyAcceptsWhatIsExpected(SnpVectors.Case c) throws Malformed {
    boolean accepted =
        c.verify() instanceof Verdict.Genuine(var claims, _)
            && PlatformChecks.of(claims, PlatformPolicy.STRICT, c.inside()).stream()
                .allMatch(Check::ok);
    assertThat(accepted).isEqualTo(c.acceptedByStrict());
  }

  @Test
  void everyRefusalNamesItsOwnReason() throws Malformed {
    assertThat(refusedFor("snp-7")).isEqualTo("chain");
    assertThat(refusedFor("snp-8")).isEqualTo("chain");
    assertThat(refusedFor("snp-9")).isEqualTo("product");
    assertThat(refusedFor("snp-10")).isEqualTo("chain");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fieldsAreReadAsExpected(SnpVectors.Case c) throws Malformed {
    SnpReport r = SnpReport.parse(c.report());
    Map<String, String> f = c.fields();
    assertThat(Integer.toString(r.version())).isEqualTo(f.get("ver"));
    assertThat(Long.toString(r.guestSvn())).isEqualTo(f.get("svn"));
    assertThat(r.policy()).hasToString(f.get("policy"));
    assertThat(r.policy().debugAllowed()).isEqualTo("1".equals(f.get("debug")));
    assertThat(r.policy().migrationAllowed()).isEqualTo("1".equals(f.get("mig")));
    assertThat(r.policy().smtAllowed()).isEqualTo("1".equals(f.get("smt")));
    assertThat(Long.toString(r.vmpl())).isEqualTo(f.get("vmpl"));
    assertThat(Long.toString(r.signatureAlgorithm())).isEqualTo(f.get("sigalgo"));
    assertThat(r.platformInfo()).hasToString(f.get("platinfo"));
    assertThat("0x" + Long.toHexString(r.signer().bits())).isEqualTo(f.get("flags"));
    assertThat(Integer.toString(r.signer().signingKey())).isEqualTo(f.get("signkey"));
    assertThat(r.signer().chipMasked()).isEqualTo("1".equals(f.get("mask_chip")));
    assertThat(r.signer().authorKeyPresent()).isEqualTo("1".equals(f.get("authkey")));
    assertThat(r.reportData()).hasToString(f.get("rd"));
    assertThat(r.measurement().hex()).isEqualTo(f.get("meas"));
    assertThat(r.hostData().hex()).isEqualTo(f.get("host"));
    assertThat(r.idKeyDigest().hex()).isEqualTo(f.get("idkd"));
    assertThat(r.authorKeyDigest().hex()).isEqualTo(f.get("akd"));
    assertThat(r.reportId().hex()).isEqualTo(f.get("repid"));
    assertThat(r.reportIdMa().hex()).isEqualTo(f.get("repma"));
    assertThat(r.chipId().hex()).isEqualTo(f.get("chip"));
    assertThat(r.currentTcb().hex()).isEqualTo(f.get("cur_tcb"));
    assertThat(r.reportedTcb().hex()).isEqualTo(f.get("rep_tcb"));
    assertThat(r.committedTcb().hex()).isEqualTo(f.get("com_tcb"));
    assertThat(r.launchTcb().hex()).isEqualTo(f.get("lau_tcb"));
    assertThat("0x" + Long.toHexString(r.launchMitigations())).isEqualTo(f.get("lmv"));
    assertThat("0x" + Long.toHexString(r.currentMitigations())).isEqualTo(f.get("cmv"));
    assertThat(r.cpuid().map(SnpVectorsTest::hex).orElse("000000")).isEqualTo(f.get("cpuid"));
    assertThat(firmware(r.currentFirmware())).isEqualTo(firmware(f, "cur"));
    assertThat(firmware(r.committedFirmware())).isEqualTo(firmware(f, "com"));
    assertThat(r.reservedSet()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void claimsCarryWhatIsExpectedUnderTheirNames(SnpVectors.Case c) throws Malformed {
    if (c.verify() instanceof Verdict.Genuine(var claims, _)) {
      Map<String, Fields.Value> got = claims.fields().values();
      Map<String, String> names =
          Map.of(
              "policy", "policy",
              "platformInfo", "platinfo",
              "reportData", "rd",
              "measurement", "meas",
              "chipId", "chip",
              "reportedTcb", "rep_tcb",
              "launchTcb", "lau_tcb",
              "launchMitVector", "lmv",
              "currentMitVector", "cmv");
      names.forEach((ours, theirs) ->
          assertThat(got.get(ours))
              .as(ours)
              .isEqualTo(new Fields.Value.Text(Objects.requireNonNull(c.fields().get(theirs)))));
      assertThat(got.get("currentFirmware"))
          .isEqualTo(
              new Fields.Value.Text(
                  number(c.fields(), "cur/2")
                      + "."
                      + number(c.fields(), "cur/1")
                      + "."
                      + number(c.fields(), "cur/0")));
    }
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void endorsementExtensionsAreReadAsExpected(SnpVectors.Case c) throws Malformed {
    EndorsementKey key = EndorsementKey.parse(c.endorsement().getFirst());
    Map<String, String> e = c.extensions();
    assertThat(key.product()).isEqualTo(e.get("2str"));
    assertThat(key.hardwareId().map(Object::toString).orElse(null)).isEqualTo(e.get("hwid"));
    assertThat(key.cloud().orElse(null)).isEqualTo(e.get("5str"));
    assertThat(key.tcb())
        .isEqualTo(
            new Tcb(
                Integer.parseInt(e.getOrDefault("fmc", "0")),
                number(e, "bl"),
                number(e, "tee"),
                number(e, "snp"),
                number(e, "ucode")));
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void reservedBitsOfGenuineReportsAreSane(SnpVectors.Case c) throws Malformed {
    if (c.verify() instanceof Verdict.Genuine(SnpClaims claims, List<Check> checks)) {
      assertThat(claims.reservedBits()).isEmpty();
      assertThat(checks)
          .allMatch(Check::ok)
          .extracting(Check::claim)
          .contains("chain", "signature");
    }
  }

  @Test
  void outsideTheCertificatesWindowTheChainIsRefused() throws Malformed {
    for (SnpVectors.Case c : genuine()) {
      assertThat(claimAt(c, c.inside().minusSeconds(2 * 86_400))).isEqualTo("chain");
      assertThat(claimAt(c, Instant.parse("2060-01-01T00:00:00Z"))).isEqualTo("chain");
    }
  }

  @Test
  void withoutThePinnedRootNothingIsGenuine() throws Malformed {
    SnpVectors.Case c = SnpVectors.byId("snp-2");
    Anchors withoutGenoa =
        new Anchors(
            PinnedAnchors.ANCHORS.all().stream()
                .filter(a -> a.role() != Family.GENOA.root())
                .toList());
    assertThat(claim(verify(c, withoutGenoa, c.inside()))).isEqualTo("chain");
  }

  @Test
  void certificatesOfTheHostSufficeWhenTheyReachThePinnedRoot() throws Malformed {
    SnpVectors.Case c = SnpVectors.byId("snp-3");
    List<X509Certificate> all =
        List.of(c.issuers().get(1), c.endorsement().getFirst(), c.issuers().get(0));
    Evidence evidence = new SnpEvidence(SnpReport.parse(c.report()), all);
    assertThat(Verifier.verify(evidence, Collateral.NONE, PinnedAnchors.ANCHORS, c.inside()))
        .isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void turinPlatformIsNamedByItsWholeChipId() throws Malformed {
    if (SnpVectors.byId("snp-3").verify() instanceof Verdict.Genuine(SnpClaims claims, _)) {
      assertThat(claims.platformId()).isEqualTo("sev-snp:59790fb1c39f35c1" + "0".repeat(112));
      assertThat(claims.family()).isEqualTo(Family.TURIN);
    }
  }

  private static Verdict verify(SnpVectors.Case c, Anchors anchors, Instant now) throws Malformed {
    return Verifier.verify(
        new SnpEvidence(SnpReport.parse(c.report()), c.endorsement()),
        Collateral.ofCertificates(c.issuers()),
        anchors,
        now);
  }

  private static String claimAt(SnpVectors.Case c, Instant now) throws Malformed {
    return claim(verify(c, PinnedAnchors.ANCHORS, now));
  }

  private static String refusedFor(String id) throws Malformed {
    return claim(SnpVectors.byId(id).verify());
  }

  static String claim(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine _ -> "genuine";
      case Verdict.Refused(var refusal, _) -> refusal.claim();
    };
  }

  private static int number(Map<String, String> e, String key) {
    return Integer.parseInt(Objects.requireNonNull(e.get(key), key));
  }

  private static String hex(Cpuid c) {
    return Hex.encode(new byte[] {(byte) c.family(), (byte) c.model(), (byte) c.stepping()});
  }

  private static List<Integer> firmware(SnpReport.FirmwareVersion v) {
    return List.of(v.build(), v.minor(), v.major());
  }

  private static List<Integer> firmware(Map<String, String> f, String name) {
    return List.of(number(f, name + "/0"), number(f, name + "/1"), number(f, name + "/2"));
  }
}
