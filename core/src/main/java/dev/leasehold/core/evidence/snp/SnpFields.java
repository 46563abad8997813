package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.evidence.Fields;

/** A report's fields by name, in the order of the firmware ABI's table "ATTESTATION_REPORT". */
final class SnpFields {
  private SnpFields() {}

  static Fields of(SnpClaims claims) {
    SnpReport r = claims.report();
    Fields.Builder out =
        Fields.builder()
            .number("version", r.version())
            .text("family", claims.family().wireName())
            .number("guestSvn", r.guestSvn())
            .text("policy", r.policy().toString())
            .flag("debug", r.policy().debugAllowed())
            .flag("migration", r.policy().migrationAllowed())
            .flag("smt", r.policy().smtAllowed())
            .hex("familyId", r.familyId())
            .hex("imageId", r.imageId())
            .number("vmpl", r.vmpl())
            .text("platformInfo", r.platformInfo().toString())
            .text("signingKey", claims.endorsement().kind().toString())
            .hex("reportData", r.reportData().value())
            .hex("measurement", r.measurement())
            .hex("hostData", r.hostData())
            .hex("idKeyDigest", r.idKeyDigest())
            .hex("authorKeyDigest", r.authorKeyDigest())
            .hex("reportId", r.reportId())
            .hex("reportIdMa", r.reportIdMa())
            .hex("currentTcb", r.currentTcb())
            .hex("reportedTcb", r.reportedTcb())
            .hex("committedTcb", r.committedTcb())
            .hex("launchTcb", r.launchTcb())
            .hex("chipId", r.chipId())
            .text("currentFirmware", r.currentFirmware().toString())
            .text("committedFirmware", r.committedFirmware().toString())
            .text("launchMitVector", "0x" + Long.toHexString(r.launchMitigations()))
            .text("currentMitVector", "0x" + Long.toHexString(r.currentMitigations()))
            .text("platformId", claims.platformId());
    r.cpuid().ifPresent(c -> out.text("cpuid", c.toString()));
    claims.endorsement().cloud().ifPresent(c -> out.text("cloud", c));
    return out.build();
  }
}
