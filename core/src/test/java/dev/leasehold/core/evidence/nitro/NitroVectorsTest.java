package dev.leasehold.core.evidence.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.pki.Window;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NitroVectorsTest {
  static List<NitroVectors.Case> cases() {
    return NitroVectors.all();
  }

  static List<NitroVectors.Case> genuine() {
    return NitroVectors.genuine();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictIsTheExpectedOne(NitroVectors.Case c) throws Malformed {
    Verdict verdict = c.verify();
    assertThat(verdict instanceof Verdict.Genuine).as(verdict.toString()).isEqualTo(c.genuine());
    assertThat(failedUnderStrict(c).isEmpty()).isEqualTo(c.acceptedByStrict());
  }

  @Test
  void everyRefusalNamesItsOwnReason() throws Malformed {
    assertThat(failedUnderStrict(NitroVectors.byId("nitro-4"))).containsExactly("debug");
    assertThat(failedUnderStrict(NitroVectors.byId("nitro-5"))).containsExactly("signature");
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void fieldsAreReadAsExpected(NitroVectors.Case c) throws Malformed {
    NitroClaims claims = claims(c);
    Map<String, Fields.Value> fields = claims.fields().values();
    assertThat(text(fields, "moduleId")).isEqualTo(c.get("module_id"));
    assertThat(text(fields, "digest")).isEqualTo(c.get("digest"));
    assertThat(fields.get("timestampMs"))
        .isEqualTo(new Fields.Value.Count(Long.parseLong(c.get("timestamp_ms"))));
    assertThat(registers(fields)).isEqualTo(registers(c));
    assertThat(text(fields, "publicKey")).isEqualTo(c.find("public_key").orElse(null));
    assertThat(text(fields, "userData")).isEqualTo(c.find("user_data").orElse(null));
    assertThat(text(fields, "nonce")).isEqualTo(c.find("nonce").orElse(null));
    assertThat(text(fields, "reportData")).as("no vector has 64 bytes of user data").isNull();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void claimsNameTheInstanceAndTheImage(NitroVectors.Case c) throws Malformed {
    NitroClaims claims = claims(c);
    String instance = c.get("module_id").substring(0, c.get("module_id").indexOf("-enc"));
    assertThat(claims.platformId()).isEqualTo("nitro:" + instance);
    assertThat(claims.measurement().hex()).isEqualTo(c.get("pcrs/0"));
    assertThat(claims.reportData().hex()).isEqualTo(c.find("user_data").orElse(""));
    assertThat(claims.debug()).isEqualTo(c.id().equals("nitro-4"));
    assertThat(claims.tcb()).isEqualTo(VendorTcb.UNWORDED);
  }

  @Test
  void anEmptyByteStringIsNotTheSameAsNone() throws Malformed {
    assertThat(claims(NitroVectors.byId("nitro-3")).document().userData()).contains(HexBytes.EMPTY);
    assertThat(claims(NitroVectors.byId("nitro-1")).document().userData()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void holdsExactlyWhileEveryCertificateDoes(NitroVectors.Case c) throws Malformed {
    List<Window> windows = claims(c).windows();
    assertThat(windows).hasSize(5);
    assertThat(Window.opens(windows)).contains(c.from());
    assertThat(Window.closes(windows)).contains(c.to());
    assertThat(claimAt(c, c.from())).isEqualTo("genuine");
    assertThat(claimAt(c, c.to())).isEqualTo("genuine");
    assertThat(claimAt(c, c.from().minusSeconds(1))).isEqualTo("chain");
    assertThat(claimAt(c, c.to().plusSeconds(1))).isEqualTo("chain");
  }

  @Test
  void withoutThePinnedRootOrUnderItInAnotherRoleNothingIsGenuine() throws Malformed {
    NitroVectors.Case c = NitroVectors.byId("nitro-2");
    NitroEvidence evidence = NitroEvidence.parse(c.document());
    Anchor aws =
        PinnedAnchors.ANCHORS.all().stream()
            .filter(a -> a.role() == AnchorRole.AWS_NITRO_ROOT)
            .findFirst()
            .orElseThrow();
    Anchors otherRole =
        new Anchors(List.of(new Anchor(AnchorRole.NVIDIA_DEVICE_ROOT, aws.certificate())));
    for (Anchors anchors : List.of(new Anchors(List.of()), otherRole)) {
      assertThat(claim(Verifier.verify(evidence, Collateral.NONE, anchors, c.inside())))
          .isEqualTo("root");
    }
  }

  @Test
  void theTagOfCoseMayStandBeforeTheDocument() throws Malformed {
    NitroVectors.Case c = NitroVectors.byId("nitro-2");
    byte[] cose = c.document();
    assertThat(claim(c.verify(prefixed(0xd2, cose), c.inside()))).isEqualTo("genuine");
    assertThatThrownBy(() -> NitroEvidence.parse(prefixed(0xd1, cose)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("tag 18");
    assertThatThrownBy(() -> NitroEvidence.parse(prefixed(0xd2, prefixed(0xd2, cose))))
        .isInstanceOf(Malformed.class);
  }

  private static byte[] prefixed(int first, byte[] rest) {
    return ByteBuffer.allocate(rest.length + 1).put((byte) first).put(rest).array();
  }

  private static List<String> failedUnderStrict(NitroVectors.Case c) throws Malformed {
    return switch (c.verify()) {
      case Verdict.Refused(var refusal, _) -> List.of(refusal.claim());
      case Verdict.Genuine(var claims, _) ->
          PlatformChecks.of(claims, PlatformPolicy.STRICT, c.inside()).stream()
              .filter(k -> !k.ok())
              .map(Check::claim)
              .toList();
    };
  }

  private static NitroClaims claims(NitroVectors.Case c) throws Malformed {
    if (c.verify() instanceof Verdict.Genuine(NitroClaims claims, List<Check> checks)) {
      assertThat(checks)
          .allMatch(Check::ok)
          .extracting(Check::claim)
          .containsExactly(
              "root", "chain", "curve", "key-usage", "signature", "module-id", "timestamp");
      return claims;
    }
    throw new AssertionError(c.verify());
  }

  private static Map<Integer, String> registers(Map<String, Fields.Value> fields) {
    Map<Integer, String> out = new TreeMap<>();
    fields.forEach((name, value) -> {
      if (name.startsWith("pcr") && value instanceof Fields.Value.Text(String hex)) {
        out.put(Integer.parseInt(name.substring(3)), hex);
      }
    });
    return out;
  }

  private static Map<Integer, String> registers(NitroVectors.Case c) {
    Map<Integer, String> out = new TreeMap<>();
    c.expected()
        .forEach((name, hex) -> {
          if (name.startsWith("pcrs/")) {
            assertThat(hex).hasSize(96);
            out.put(Integer.parseInt(name.substring(5)), hex);
          }
        });
    return out;
  }

  private static String text(Map<String, Fields.Value> fields, String name) {
    return fields.get(name) instanceof Fields.Value.Text(String text) ? text : null;
  }

  private static String claimAt(NitroVectors.Case c, Instant now) throws Malformed {
    return claim(c.verify(c.document(), now));
  }

  private static String claim(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine _ -> "genuine";
      case Verdict.Refused(var refusal, _) -> refusal.claim();
    };
  }
}
