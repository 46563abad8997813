package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Hash;
import java.util.List;

/** The vendors' roots of trust that production programs accept, and nothing else (protocol §17). */
public final class PinnedAnchors {
  public static final Anchors ANCHORS =
      new Anchors(
          List.of(
              pin(
                  AnchorRole.AMD_ARK_MILAN,
                  "69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd"),
              pin(
                  AnchorRole.AMD_ARK_GENOA,
                  "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1"),
              pin(
                  AnchorRole.AMD_ARK_TURIN,
                  "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a"),
              pin(
                  AnchorRole.INTEL_SGX_ROOT,
                  "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3"),
              pin(
                  AnchorRole.AWS_NITRO_ROOT,
                  "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b"),
              pin(
                  AnchorRole.NVIDIA_DEVICE_ROOT,
                  "102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48"),
              pin(
                  AnchorRole.NVIDIA_RIM_ROOT,
                  "12977b5115acb0381179279fffeb5a8c4d264971ebb32298023a465fa41df5d1"),
              pin(
                  AnchorRole.GOOGLE_VTPM_ROOT,
                  "594759594b9b61524f6c8ef668f7177f7b9066bc0674f2f49fe9e052be78beb2")));

  private PinnedAnchors() {}

  private static Anchor pin(AnchorRole role, String sha256) {
    return new Anchor(role, new Hash(sha256));
  }
}
