package dev.leasehold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.dcap.QeIdentity;
import dev.leasehold.core.evidence.dcap.TcbInfo;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.core.pki.PinnedAnchors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** SGX and TDX: quotes, and what Intel says of platforms and Quoting Enclaves. */
final class DcapTargets {
  private static final Instant NOW = Instant.parse("2025-07-01T00:00:00Z");
  private static final int MAX_BYTES = 1 << 20;
  private static final int SIGNATURE_BYTES = 64;

  static final List<Target> ALL =
      List.of(
          new Target("tcb-info", () -> members("tcb_info"), DcapTargets::tcbInfo),
          new Target("qe-identity", () -> members("qe_identity"), DcapTargets::qeIdentity),
          new Target("dcap-collateral", DcapTargets::collaterals, DcapTargets::collateral));

  private DcapTargets() {}

  private static List<byte[]> collaterals() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("tdx", ".coll.json", ".tcbinfo.json"));
    out.addAll(Vectors.all("sgx", ".coll.json"));
    return out;
  }

  /** What Intel signed, out of each bundle. */
  private static List<byte[]> members(String name) throws Exception {
    List<byte[]> out = new ArrayList<>();
    for (byte[] bundle : collaterals()) {
      StrictJson.parse("seed", bundle, MAX_BYTES)
          .get(name)
          .filter(Json.Str.class::isInstance)
          .ifPresent(m -> out.add(((Json.Str) m).value().getBytes(UTF_8)));
    }
    return out;
  }

  private static void tcbInfo(byte[] input) throws Malformed {
    TcbInfo info = TcbInfo.parse("input", input, new byte[SIGNATURE_BYTES], List.of());
    Target.require(!info.levels().isEmpty(), "levels");
    Target.require(
        info.fault(PinnedAnchors.ANCHORS, List.of(), NOW).isPresent(), "nobody signed it");
  }

  private static void qeIdentity(byte[] input) throws Malformed {
    QeIdentity identity = QeIdentity.parse("input", input, new byte[SIGNATURE_BYTES], List.of());
    Target.require(!identity.levels().isEmpty(), "levels");
    Target.require(
        identity.fault(PinnedAnchors.ANCHORS, List.of(), NOW).isPresent(), "nobody signed it");
  }

  private static void collateral(byte[] input) throws Malformed {
    Collateral read = CollateralFile.read("input", input);
    Target.require(!read.equals(Collateral.NONE), "a file that is read holds something");
    for (TcbInfo info : read.tcbInfos()) {
      info.fault(PinnedAnchors.ANCHORS, read.revocations(), NOW);
    }
    for (QeIdentity identity : read.qeIdentities()) {
      identity.fault(PinnedAnchors.ANCHORS, read.revocations(), NOW);
    }
  }
}
