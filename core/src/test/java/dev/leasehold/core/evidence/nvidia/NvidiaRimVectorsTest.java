package dev.leasehold.core.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.pki.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reference values as NVIDIA has published them, and ones that somebody has tampered with. */
class NvidiaRimVectorsTest {
  private static final Instant INSIDE = Instant.parse("2025-06-01T00:00:00Z");

  static List<NvidiaVectors.Case> withRims() {
    return NvidiaVectors.all().stream()
        .filter(c -> c.expected().containsKey("rims/driver"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "h100-550.driver-rim.xml, ok",
    "h100-550.vbios-rim.xml, ok",
    "h100-535.vbios-rim.xml, ok",
    "h100-535.vbios-rim-mismatch.xml, ok",
    "rim-driver-550.144.03.xml, ok",
    "h100-535.driver-rim-tampered.xml, driver-rim-signature",
    "rim-badsig.xml, driver-rim-signature",
    "rim-badchain.xml, driver-rim-chain",
    "rim-expired-tampered.xml, driver-rim-chain",
  })
  void aManifestIsNvidiasOwnWordOrNot(String file, String claim) throws Malformed {
    assertThat(refusedFor(NvidiaVectors.rim(file), INSIDE)).isEqualTo(claim);
  }

  @Test
  void withinTheDayOfItsSignerTheTamperedManifestFailsForItsSignature() throws Malformed {
    NvidiaRim rim = NvidiaVectors.rim("rim-expired-tampered.xml");
    assertThat(refusedFor(rim, Instant.parse("2025-01-01T12:00:00Z")))
        .isEqualTo("driver-rim-signature");
  }

  @Test
  void theBrokenChainOfTheDebugManifestIsToldByItsMissingIssuer() throws Malformed {
    Steps steps = new Steps();
    verification(INSIDE).verify(NvidiaVectors.rim("rim-badchain.xml"), steps);
    assertThat(steps.taken())
        .last()
        .satisfies(c -> {
          assertThat(c.expected()).contains("Debug Only");
          assertThat(c.got()).isEqualTo("none");
          assertThat(c.remedy()).isNotEmpty();
        });
  }

  @ParameterizedTest
  @MethodSource("withRims")
  void versionsAndActiveIndicesAreReadAsExpected(NvidiaVectors.Case c) throws Malformed {
    NvidiaReport report = NvidiaReport.parse(c.report());
    for (String kind : List.of("driver", "vbios")) {
      String file = c.get("rims/" + kind);
      if (file.endsWith(".xml")) {
        ReferenceValues values = ReferenceValues.read(file, NvidiaVectors.bytes(file)).values();
        assertThat(values.version()).isEqualTo(c.get("rims/" + kind + "_version"));
        assertThat(strings(values.active())).isEqualTo(listed(c, kind + "_active"));
        assertThat(strings(values.mismatches(report.measurements(), Set.of())))
            .isEqualTo(listed(c, kind + "_mismatch"));
        assertThat(values.measurements()).hasSize(64);
      }
    }
  }

  @Test
  void outsideTheWindowOfTheirSignersReferenceValuesAreRefused() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-1");
    Map<String, String> claims =
        Map.of(
            "2024-06-01T02:08:28Z", "driver-rim-chain",
            "2024-06-01T02:08:29Z", "genuine",
            "2026-02-22T23:17:58Z", "genuine",
            "2026-02-22T23:17:59Z", "vbios-rim-chain");
    for (Map.Entry<String, String> e : claims.entrySet()) {
      assertThat(at(c, e.getKey())).as(e.getKey()).isEqualTo(e.getValue());
    }
    if (c.verify() instanceof Verdict.Genuine(var verified, _)) {
      assertThat(Window.opens(verified.windows())).contains(Instant.parse("2024-06-01T02:08:29Z"));
      assertThat(Window.closes(verified.windows())).contains(Instant.parse("2026-02-22T23:17:58Z"));
    }
  }

  @Test
  void valuesForOtherVersionsAreLeftAlone() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-1");
    Collateral other = Collateral.ofRims(List.of(NvidiaVectors.rim("rim-badchain.xml")));
    assertThat(c.verifyWith(other.and(c.collateral()), INSIDE)).isInstanceOf(Verdict.Genuine.class);
    assertThat(refused(c, other, INSIDE)).isEqualTo("vbios-rim");
  }

  @Test
  void aComparisonIsCompleteOrItIsNone() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-1");
    NvidiaRim driver = NvidiaVectors.rim("h100-550.driver-rim.xml");
    NvidiaRim vbios = NvidiaVectors.rim("h100-550.vbios-rim.xml");
    assertThat(refused(c, Collateral.ofRims(List.of(driver)), INSIDE)).isEqualTo("vbios-rim");
    assertThat(refused(c, Collateral.ofRims(List.of(vbios)), INSIDE)).isEqualTo("driver-rim");
    assertThat(refused(c, Collateral.NONE, INSIDE)).isEqualTo("genuine");
  }

  @Test
  void ofSeveralForOneVersionAGoodOneSuffices() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-3");
    NvidiaRim good = NvidiaVectors.rim("h100-535.vbios-rim.xml");
    NvidiaRim other = NvidiaVectors.rim("h100-535.vbios-rim-mismatch.xml");
    for (List<NvidiaRim> both : List.of(List.of(good, other), List.of(other, good))) {
      // The vectors have no genuine values for the driver of this report.
      assertThat(refused(c, Collateral.ofRims(both), INSIDE)).isEqualTo("driver-rim");
    }
  }

  @Test
  void withoutThePinnedRimRootNoValuesAreGenuine() throws Malformed {
    Anchors others =
        new Anchors(
            PinnedAnchors.ANCHORS.all().stream()
                .filter(a -> a.role() != AnchorRole.NVIDIA_RIM_ROOT)
                .toList());
    assertThat(NvidiaVectorsTest.claim(NvidiaVectors.byId("nv-1").verify(others)))
        .isEqualTo("vbios-rim-chain");
  }

  @Test
  void answersOfTheOcspResponderAreBelievedInTheirDayAlone() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-1");
    Collateral device = ocsp("gpu-certificate-l2", "gpu-certificate-l3", "gpu-certificate-l4");
    Collateral rims = ocsp("gpu-rim-l2", "gpu-driver-rim-l3", "gpu-driver-rim-l4", "gpu-vbios-l4");
    Instant deviceDay = Instant.parse("2025-08-21T12:00:00Z");
    Instant rimDay = Instant.parse("2025-10-24T12:00:00Z");
    assertThat(refusedWith(c, device, deviceDay)).isEqualTo("genuine");
    assertThat(refusedWith(c, rims, rimDay)).isEqualTo("genuine");
    assertThat(refusedWith(c, device, rimDay)).isEqualTo("ocsp");
    assertThat(refusedWith(c, rims, deviceDay)).isEqualTo("vbios-rim-ocsp");
    assertThat(refusedWith(c, ocsp("gpu-driver-rim-l4"), deviceDay)).isEqualTo("driver-rim-ocsp");
  }

  @Test
  void aPolicyMayDemandAnAnswerForEachCertificate() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-1");
    Collateral rims = ocsp("gpu-rim-l2", "gpu-driver-rim-l3", "gpu-driver-rim-l4", "gpu-vbios-l4");
    Instant day = Instant.parse("2025-10-24T12:00:00Z");
    assertThat(failed(c, rims, day, Duration.ofHours(1))).containsExactly("ocsp");
    assertThat(failed(c, rims, day, Duration.ofMinutes(1)))
        .containsExactly("ocsp", "driver-rim-ocsp", "vbios-rim-ocsp");
    assertThat(failed(c, ocsp("gpu-rim-l2"), day, Duration.ofHours(1)))
        .containsExactly("ocsp", "driver-rim-ocsp", "vbios-rim-ocsp");
  }

  @Test
  void collateralFilesAreToldByTheirFirstByte() throws Malformed {
    for (String file : List.of("h100-550.driver-rim.xml", "rim-badchain.xml")) {
      Collateral read = CollateralFile.read(file, NvidiaVectors.bytes(file));
      assertThat(read.rims())
          .singleElement()
          .satisfies(r -> {
            assertThat(r.encoded()).isEqualTo(NvidiaVectors.bytes(file));
            assertThat(r.sha256()).isNotNull();
          });
    }
  }

  static String refusedFor(NvidiaRim rim, Instant now) {
    Steps steps = new Steps();
    return verification(now).verify(rim, steps).isPresent()
        ? "ok"
        : steps.refused().refusal().claim();
  }

  private static RimVerification verification(Instant now) {
    return new RimVerification(RimKind.DRIVER, PinnedAnchors.ANCHORS, List.of(), now);
  }

  private static Collateral ocsp(String... names) throws Malformed {
    Collateral out = Collateral.NONE;
    for (String name : names) {
      String file = "ocsp-" + name + ".der";
      out = out.and(CollateralFile.read(file, NvidiaVectors.bytes(file)));
    }
    return out;
  }

  private static String refusedWith(NvidiaVectors.Case c, Collateral answers, Instant now)
      throws Malformed {
    return refused(c, c.collateral().and(answers), now);
  }

  private static String refused(NvidiaVectors.Case c, Collateral collateral, Instant now)
      throws Malformed {
    return NvidiaVectorsTest.claim(c.verifyWith(collateral, now));
  }

  private static String at(NvidiaVectors.Case c, String now) throws Malformed {
    return NvidiaVectorsTest.claim(c.verifyWith(c.collateral(), Instant.parse(now)));
  }

  private static List<String> failed(
      NvidiaVectors.Case c, Collateral answers, Instant now, Duration limit) throws Malformed {
    PlatformPolicy strict = PlatformPolicy.STRICT;
    PlatformPolicy policy =
        new PlatformPolicy(
            strict.families(),
            strict.minTcb(),
            strict.minTcbEvaluation(),
            strict.tcbStatus(),
            strict.advisoriesAllowed(),
            strict.smtAllowed(),
            strict.ciphertextHiding(),
            strict.aliasCheck(),
            Optional.of(limit));
    return switch (c.verifyWith(c.collateral().and(answers), now)) {
      case Verdict.Genuine(var claims, _) ->
          PlatformChecks.of(claims, policy, now).stream()
              .filter(k -> !k.ok())
              .map(Check::claim)
              .toList();
      case Verdict.Refused(var refusal, _) -> List.of(refusal.claim());
    };
  }

  private static List<String> strings(Collection<Integer> indices) {
    return indices.stream().map(String::valueOf).toList();
  }

  private static List<String> listed(NvidiaVectors.Case c, String key) {
    return List.copyOf(c.under("rims/" + key + "/").values());
  }
}
