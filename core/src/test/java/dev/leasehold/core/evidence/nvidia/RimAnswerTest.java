package dev.leasehold.core.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.pki.PinnedAnchors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference values in the frame that NVIDIA's service puts around them. */
class RimAnswerTest {
  private static final String DRIVER = "NV_GPU_DRIVER_GH100_550.90.07";
  private static final Instant INSIDE = Instant.parse("2025-06-01T00:00:00Z");

  private static byte[] framed(String id, byte[] xml) {
    return """
    {"id":"%s","rim":"%s","sha256":"00","last_updated":null,"rim_format":"TCG","more":[1.5]}\
    """
        .formatted(id, Bytes.of(xml).base64())
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void holdsWhatTheFileHolds() throws Exception {
    byte[] xml = NvidiaVectors.bytes("h100-550.driver-rim.xml");
    RimAnswer answer = RimAnswer.parse("answer", framed(DRIVER, xml));
    assertThat(answer.id()).isEqualTo(DRIVER);
    assertThat(answer.rim().encoded()).isEqualTo(xml);
    assertThat(answer.rim().isNamed(DRIVER)).isTrue();
    assertThat(answer.rim().isNamed("NV_GPU_DRIVER_GH100_50.90.07")).isFalse();
    assertThat(answer.rim().fault(PinnedAnchors.ANCHORS, INSIDE)).isEmpty();
    assertThat(CollateralFile.read("a.json", framed(DRIVER, xml)).rims())
        .singleElement()
        .satisfies(r -> assertThat(r.encoded()).isEqualTo(xml));
  }

  @Test
  void aVersionOfAVbiosIsNamedWithoutItsDots() throws Exception {
    NvidiaRim rim = NvidiaVectors.rim("h100-550.vbios-rim.xml");
    assertThat(rim.isNamed("NV_GPU_VBIOS_1010_0200_882_96009F0001")).isTrue();
    assertThat(rim.isNamed("NV_GPU_VBIOS_1010_0200_882_96009F0002")).isFalse();
    assertThat(rim.isNamed("NV_GPU_DRIVER_GH100_96.00.9F.00.01")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rim-badsig.xml", "rim-badchain.xml", "rim-expired-tampered.xml"})
  void isNvidiasWordOnlyWhenItsSignerIs(String file) throws Exception {
    assertThat(NvidiaVectors.rim(file).fault(PinnedAnchors.ANCHORS, INSIDE)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":\"x\"}",
        "{\"rim\":\"PGE+\"}",
        "{\"id\":\"x\",\"rim\":1}",
        "{\"id\":\"x\",\"rim\":\"%\"}",
        "{\"id\":\"x\",\"rim\":\"PGEvPg==\"}",
        "[]",
        ""
      })
  void anythingElseIsNoAnswer(String json) {
    assertThatThrownBy(() -> RimAnswer.parse("answer", json.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(Malformed.class);
  }
}
