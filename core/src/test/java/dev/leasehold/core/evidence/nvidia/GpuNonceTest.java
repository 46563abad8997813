package dev.leasehold.core.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Nonce;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class GpuNonceTest {
  private static final Nonce CHALLENGE = new Nonce("a1".repeat(32));
  private static final Bytes IK = Bytes.of(HexFormat.of().parseHex("b2".repeat(32)));

  @Test
  void isTheLabelledHashOfChallengeAndKey() {
    byte[] label = "leasehold/1/gpu-nonce\0".getBytes(StandardCharsets.US_ASCII);
    assertThat(GpuNonce.of(CHALLENGE, IK).hex())
        .isEqualTo(Digests.sha256(label, CHALLENGE.bytes(), IK.toArray()).hex());
  }

  @Test
  void anotherChallengeOrKeyMakesAnother() {
    assertThat(GpuNonce.of(CHALLENGE, IK))
        .isNotEqualTo(GpuNonce.of(new Nonce("a2".repeat(32)), IK))
        .isNotEqualTo(GpuNonce.of(CHALLENGE, Bytes.of(CHALLENGE.bytes())));
  }
}
