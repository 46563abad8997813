package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.evidence.Fields;

/** A quote's fields by name, in the order of Intel's quote format, then those of its platform. */
final class DcapFields {
  private DcapFields() {}

  static Fields of(DcapClaims claims) {
    Fields.Builder out = Fields.builder().number("version", claims.quote().header().version());
    switch (claims) {
      case SgxClaims sgx -> enclave(sgx.report(), out);
      case TdxClaims tdx -> domain(tdx.report(), out);
    }
    return platform(claims, out.flag("debug", claims.debug())).build();
  }

  private static void enclave(SgxReport r, Fields.Builder out) {
    out.hex("cpuSvn", r.cpuSvn())
        .hex("miscSelect", r.miscSelect())
        .hex("isvExtProdId", r.isvExtProdId())
        .hex("attributes", r.attributes().raw())
        .hex("mrEnclave", r.mrEnclave())
        .hex("mrSigner", r.mrSigner())
        .hex("configId", r.configId())
        .number("isvProdId", r.isvProdId())
        .number("isvSvn", r.isvSvn())
        .number("configSvn", r.configSvn())
        .hex("isvFamilyId", r.isvFamilyId())
        .hex("reportData", r.reportData().value());
  }

  private static void domain(TdReport r, Fields.Builder out) {
    out.hex("teeTcbSvn", r.teeTcbSvn())
        .hex("mrSeam", r.mrSeam())
        .hex("mrSignerSeam", r.mrSignerSeam())
        .hex("seamAttributes", r.seamAttributes())
        .hex("tdAttributes", r.tdAttributes().raw())
        .hex("xfam", r.xfam())
        .hex("mrTd", r.mrTd())
        .hex("mrConfigId", r.mrConfigId())
        .hex("mrOwner", r.mrOwner())
        .hex("mrOwnerConfig", r.mrOwnerConfig());
    for (int i = 0; i < r.rtmr().size(); i++) {
      out.hex("rtmr" + i, r.rtmr().get(i));
    }
    out.hex("reportData", r.reportData().value());
    r.teeTcbSvn2().ifPresent(svn -> out.hex("teeTcbSvn2", svn));
    r.mrServiceTd().ifPresent(hash -> out.hex("mrServiceTd", hash));
  }

  private static Fields.Builder platform(DcapClaims claims, Fields.Builder out) {
    PckCertificate pck = claims.pck();
    TcbResult tcb = claims.tcbResult();
    out.hex("ppid", pck.ppid())
        .hex("fmspc", pck.fmspc())
        .hex("pceId", pck.pceId())
        .hex("pckCpuSvn", pck.cpuSvn())
        .number("pceSvn", pck.tcb().pceSvn())
        .text("sgxType", pck.sgxType().word())
        .text("tcbDate", tcb.tcbDate().toString())
        .text("platformTcbStatus", tcb.platformStatus());
    tcb.moduleStatus().ifPresent(status -> out.text("moduleTcbStatus", status));
    return out.text("qeTcbStatus", tcb.qeStatus())
        .number("tcbEvaluationDataNumber", claims.tcb().evaluation())
        .text("platformId", claims.platformId());
  }
}
