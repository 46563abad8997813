package dev.leasehold.core.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NvidiaVectorsTest {
  static List<NvidiaVectors.Case> readable() {
    return NvidiaVectors.all().stream().filter(c -> !c.id().equals("nv-5")).toList();
  }

  @ParameterizedTest
  @MethodSource("readable")
  void verdictIsTheExpectedOne(NvidiaVectors.Case c) throws Malformed {
    Verdict verdict = c.verify();
    assertThat(verdict instanceof Verdict.Genuine).as(verdict.toString()).isEqualTo(c.genuine());
    assertThat(strict(verdict, c.inside()).isEmpty()).isEqualTo(c.acceptedByStrict());
  }

  @Test
  void everyRefusalNamesItsOwnReason() throws Malformed {
    assertThat(claim("nv-2")).isEqualTo("driver-rim-signature");
    assertThat(claim("nv-3")).isEqualTo("vbios-measurements");
    assertThat(claim("nv-9")).isEqualTo("driver-rim");
    assertThat(claim("nv-4")).isEqualTo("signature");
    assertThat(claim("nv-8")).isEqualTo("signature");
  }

  @Test
  void aReportWithAByteAfterItsSignatureIsNoReport() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-5");
    assertThatThrownBy(() -> NvidiaReport.parse(c.report()))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("1 bytes more");
    byte[] cut = Arrays.copyOf(c.report(), c.report().length - 1);
    assertThat(c.verify(cut, c.chain())).isInstanceOf(Verdict.Genuine.class);
    assertThat(NvidiaReport.parse(cut).nonce().hex()).isEqualTo(c.get("nonce"));
  }

  @Test
  void whatTheStrictPolicyRefusesItNames() throws Malformed {
    NvidiaVectors.Case hold = NvidiaVectors.byId("nv-6");
    NvidiaVectors.Case blackwell = NvidiaVectors.byId("nv-7");
    assertThat(strict(hold.verify(), hold.inside())).containsExactly("driver-rim", "vbios-rim");
    assertThat(strict(blackwell.verify(), blackwell.inside()))
        .containsExactly("architecture", "driver-rim", "vbios-rim");
  }

  @ParameterizedTest
  @MethodSource("readable")
  void fieldsAreReadAsExpected(NvidiaVectors.Case c) throws Malformed {
    NvidiaReport r = NvidiaReport.parse(c.report());
    OpaqueData o = r.opaque();
    assertThat(r.nonce().hex()).isEqualTo(c.get("nonce"));
    assertThat(r.responseNonce().hex()).isEqualTo(c.get("response_nonce"));
    assertThat(o.driverVersion()).isEqualTo(c.get("driver_version"));
    assertThat(o.vbiosRaw().hex()).isEqualTo(c.get("vbios_raw"));
    c.find("rims/vbios_version").ifPresent(v -> assertThat(o.vbiosVersion()).isEqualTo(v));
    assertThat(o.project()).isEqualTo(c.get("project"));
    assertThat(o.projectSku()).isEqualTo(c.get("project_sku"));
    assertThat(o.chipSku()).isEqualTo(c.get("chip_sku"));
    assertThat(o.nvdec0().raw().hex()).isEqualTo(c.get("nvdec0"));
    assertThat(o.fwid().map(HexBytes::hex)).isEqualTo(c.find("fwid"));
    assertThat(o.all()).hasSameSizeAs(c.under("opaque_ids/").entrySet());
    assertThat(r.measurements()).hasSize(Integer.parseInt(c.get("n_measurements")));
    for (int i = 1; i <= r.measurements().size(); i++) {
      assertThat(r.measurements().get(i - 1).hex()).isEqualTo(c.get("measurements/" + i));
    }
  }

  @Test
  void claimsCarryTheFieldsByName() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-1");
    Map<String, Fields.Value> expected = new HashMap<>();
    expected.put("architecture", text("Hopper"));
    expected.put("chip", text("GH100"));
    expected.put("chipSerial", text("48B02D92494BADF4"));
    expected.put("nonce", text(c.get("nonce")));
    expected.put("responseNonce", text(c.get("response_nonce")));
    expected.put("driverVersion", text("550.90.07"));
    expected.put("vbiosVersion", text("96.00.9F.00.01"));
    expected.put("project", text("1010"));
    expected.put("projectSku", text("0200"));
    expected.put("chipSku", text("882"));
    expected.put("nvdec0", text("55"));
    expected.put("fwid", text(c.get("fwid")));
    expected.put("driverRim", text("NV_GPU_DRIVER_GH100_550.90.07"));
    expected.put("vbiosRim", text("NV_GPU_VBIOS_1010_0200_882_96009F0001"));
    expected.put("measurement64", text("00".repeat(48)));
    assertThat(claims(c).fields().values()).containsAllEntriesOf(expected);
    assertThat(claims(c).report().vbiosRimId()).isEqualTo("NV_GPU_VBIOS_1010_0200_882_96009F0001");
    assertThat(claims(c).report().driverRimId()).isEqualTo("NV_GPU_DRIVER_GH100_550.90.07");
  }

  @Test
  void theFirmwareOfABlackwellKeyIsReadFromItsOwnExtension() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-7");
    AliasCertificate alias = AliasCertificate.parse(c.chain().getFirst());
    assertThat(alias.fwid().map(HexBytes::hex)).contains(c.get("fwid"));
    assertThat(alias.architecture()).isEqualTo(Architecture.BLACKWELL);
  }

  @Test
  void aChainWithoutOneOfItsCertificatesOrWithAnUnpinnedRootIsRefused() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-6");
    for (int missing = 0; missing < 5; missing++) {
      List<X509Certificate> chain = new ArrayList<>(c.chain());
      chain.remove(missing);
      assertThat(claim(c.verify(c.report(), chain))).isEqualTo("chain");
    }
    Anchors others =
        new Anchors(
            PinnedAnchors.ANCHORS.all().stream()
                .filter(a -> a.role() != AnchorRole.NVIDIA_DEVICE_ROOT)
                .toList());
    assertThat(claim(c.verify(others))).isEqualTo("chain");
  }

  static String claim(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine _ -> "genuine";
      case Verdict.Refused(var refusal, _) -> refusal.claim();
    };
  }

  private static String claim(String id) throws Malformed {
    return claim(NvidiaVectors.byId(id).verify());
  }

  private static NvidiaClaims claims(NvidiaVectors.Case c) throws Malformed {
    return switch (c.verify()) {
      case Verdict.Genuine(NvidiaClaims claims, _) -> claims;
      case Verdict other -> throw new AssertionError(other.toString());
    };
  }

  private static List<String> strict(Verdict verdict, Instant now) {
    return switch (verdict) {
      case Verdict.Genuine(var claims, _) ->
          PlatformChecks.of(claims, PlatformPolicy.STRICT, now).stream()
              .filter(k -> !k.ok())
              .map(Check::claim)
              .toList();
      case Verdict.Refused(var refusal, _) -> List.of(refusal.claim());
    };
  }

  private static Fields.Value text(String text) {
    return new Fields.Value.Text(text);
  }
}
