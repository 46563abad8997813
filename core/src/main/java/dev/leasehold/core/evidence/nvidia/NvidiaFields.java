package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Fields;
import java.util.List;

/** A report's fields by name: who it is from, then the answer, then its opaque data. */
final class NvidiaFields {
  private NvidiaFields() {}

  static Fields of(NvidiaClaims claims) {
    NvidiaReport report = claims.report();
    OpaqueData o = report.opaque();
    Fields.Builder out =
        Fields.builder()
            .text("architecture", claims.architecture().word())
            .text("chip", claims.device().chip())
            .text("chipSerial", claims.device().serial())
            .text("nonce", report.nonce().hex())
            .text("responseNonce", report.responseNonce().hex())
            .text("driverVersion", o.driverVersion())
            .text("vbiosVersion", o.vbiosVersion())
            .hex("vbiosRaw", o.vbiosRaw())
            .text("project", o.project())
            .text("projectSku", o.projectSku())
            .text("chipSku", o.chipSku())
            .hex("nvdec0", o.nvdec0().raw());
    claims.device().fwid().ifPresent(f -> out.hex("fwid", f));
    o.ppcie().ifPresent(s -> out.hex("ppcie", s.raw()));
    o.featureFlag().ifPresent(f -> out.number("featureFlag", f));
    claims.driverRim().ifPresent(r -> out.text("driverRim", r.id()));
    claims.vbiosRim().ifPresent(r -> out.text("vbiosRim", r.id()));
    List<HexBytes> measurements = report.measurements();
    for (int i = 0; i < measurements.size(); i++) {
      out.hex("measurement" + (i + 1), measurements.get(i));
    }
    return out.build();
  }
}
