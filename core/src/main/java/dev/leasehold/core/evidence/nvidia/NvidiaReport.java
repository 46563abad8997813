package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import java.util.List;

/**
 * What the driver hands out as an attestation report: the request GET_MEASUREMENTS as it was sent
 * to the GPU, then the GPU's answer MEASUREMENTS (DMTF DSP0274 1.1 §10.11), signature included.
 *
 * @param nonce of the request: what the verifying party asked to see
 * @param measurements block n is element n-1
 * @param responseNonce the GPU's own
 * @param signedPart request and answer up to the signature; SPDM 1.1 signs no prefix
 * @param signature {@code r ‖ s}, 48 bytes each, big-endian
 * @param sha256 of the whole report, as an evidence statement lists it
 */
public record NvidiaReport(
    Nonce nonce,
    List<HexBytes> measurements,
    Nonce responseNonce,
    OpaqueData opaque,
    Bytes signedPart,
    HexBytes signature,
    Hash sha256) {

  public NvidiaReport {
    measurements = List.copyOf(measurements);
  }

  public static NvidiaReport parse(byte[] bytes) throws Malformed {
    return new NvidiaReportReader(bytes).read();
  }

  /** The reference values for the driver of a Hopper GPU, under the name NVIDIA serves them. */
  public String driverRimId() {
    return "NV_GPU_DRIVER_GH100_" + opaque.driverVersion();
  }

  /** The reference values for the VBIOS, under the name NVIDIA serves them. */
  public String vbiosRimId() {
    return String.join(
        "_",
        "NV_GPU_VBIOS",
        opaque.project(),
        opaque.projectSku(),
        opaque.chipSku(),
        opaque.vbiosVersion().replace(".", ""));
  }
}
