package dev.leasehold.fuzz;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import java.util.Arrays;
import java.util.List;

/** NVIDIA's reference values: signed XML. */
final class NvidiaTargets {
  static final List<Target> ALL =
      List.of(new Target("nvidia-rim", () -> Vectors.all("nvidia", "rim.xml"), NvidiaTargets::rim));

  private NvidiaTargets() {}

  private static void rim(byte[] input) throws Malformed {
    NvidiaRim rim = NvidiaRim.parse("input", input);
    Target.require(Arrays.equals(rim.encoded(), input), "a manifest is its bytes");
    Target.require(!rim.certificates().isEmpty(), "a manifest names its signer");
  }
}
