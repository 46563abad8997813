package dev.leasehold.fuzz;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.core.evidence.nvidia.RimAnswer;
import dev.leasehold.core.pki.PinnedAnchors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** NVIDIA's reference values: signed XML. */
final class NvidiaTargets {
  static final List<Target> ALL =
      List.of(
          new Target("nvidia-rim", () -> Vectors.all("nvidia", "rim.xml"), NvidiaTargets::rim),
          new Target("rim-answer", NvidiaTargets::answers, NvidiaTargets::answer));

  private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");

  private NvidiaTargets() {}

  private static void rim(byte[] input) throws Malformed {
    NvidiaRim rim = NvidiaRim.parse("input", input);
    Target.require(Arrays.equals(rim.encoded(), input), "a manifest is its bytes");
    Target.require(!rim.certificates().isEmpty(), "a manifest names its signer");
    rim.fault(PinnedAnchors.ANCHORS, NOW);
  }

  /** Genuine values in the frame the service puts around them. */
  private static List<byte[]> answers() throws IOException {
    return Vectors.all("nvidia", "rim.xml").stream()
        .map(xml ->
            "{\"id\":\"NV_GPU_DRIVER_GH100_550.90.07\",\"rim\":\"%s\",\"rim_format\":\"TCG\"}"
                .formatted(Bytes.of(xml).base64())
                .getBytes(StandardCharsets.US_ASCII))
        .toList();
  }

  private static void answer(byte[] input) throws Malformed {
    RimAnswer answer = RimAnswer.parse("input", input);
    rim(answer.rim().encoded());
    answer.rim().isNamed(answer.id());
  }
}
