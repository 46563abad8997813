package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.core.pki.RevocationList;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Makes evidence of one chip that is right in everything but the flaw asked for. */
public final class SnpForger {
  private static final Tcb ANCIENT = new Tcb(0, 1, 0, 1, 1);
  private static final int TCB_SPARE = ReportImage.CURRENT_TCB + 5;
  private static final int RESERVED = 0x230;

  private final SimulatedChip chip;
  private final SimulatedChip ancient;
  private final SimulatedAmd amd;
  private final SimulatedAmd foreign;

  /** A forger with a chip of the Genoa family, whose spare TCB bytes it knows. */
  public SnpForger(SimulatedChip chip) {
    this.chip = chip;
    this.ancient = chip.at(ANCIENT);
    this.amd = chip.amd();
    this.foreign = SimulatedAmd.foreign();
  }

  public Forgery forge(Flaw flaw, ReportRequest request, Instant now) {
    SimulatedChip actual = chipFor(flaw);
    ReportImage image = actual.image(request);
    alter(image, flaw);
    return new Forgery(
        Bytes.of(damage(signed(actual, image, flaw), flaw)),
        certificates(actual, flaw),
        revocations(actual, flaw, now));
  }

  /** The same flaw in every report asked for, for a machine that is to run with it. */
  public ReportSigner flawed(Flaw flaw, Instant now) {
    return new ReportSigner() {
      @Override
      public byte[] report(ReportRequest request) {
        return forge(flaw, request, now).quote().toArray();
      }

      @Override
      public List<X509Certificate> certificates() {
        return SnpForger.this.certificates(chipFor(flaw), flaw);
      }
    };
  }

  /** Changes what is signed. */
  private void alter(ReportImage image, Flaw flaw) {
    switch (flaw) {
      case REPORT_VERSION -> image.u32(0, 6);
      case CPUID_OF_REPORT -> image.u8(ReportImage.CPUID, 0x1a).u8(ReportImage.CPUID + 1, 0x02);
      case SIGNED_BY_NOTHING -> image.u32(ReportImage.KEY_INFO, 7 << 2);
      case SIGNED_BY_VLEK -> image.u32(ReportImage.KEY_INFO, 1 << 2);
      case SIGNATURE_ALGORITHM -> image.u32(ReportImage.SIGNATURE_ALGORITHM, 2);
      case CHIP_ID -> image.flip(ReportImage.CHIP_ID);
      case TCB_NOT_ENDORSED -> image.tcb(ReportImage.REPORTED_TCB, amd.family(), ANCIENT);
      case TCB_NOT_COMMITTED -> image.tcb(ReportImage.COMMITTED_TCB, amd.family(), ANCIENT);
      case TCB_COMMITTED_ABOVE_CURRENT -> image.tcb(ReportImage.CURRENT_TCB, amd.family(), ANCIENT);
      case LAUNCH_TCB_BELOW_FLOOR -> image.tcb(ReportImage.LAUNCH_TCB, amd.family(), ANCIENT);
      case DEBUG -> image.setBit(ReportImage.POLICY, 19);
      case MIGRATION -> image.setBit(ReportImage.POLICY, 18);
      case POLICY_RESERVED_BIT -> image.setBit(ReportImage.POLICY, 40);
      case POLICY_BIT_17 -> image.clearBit(ReportImage.POLICY, 17);
      case PLATFORM_RESERVED_BIT -> image.setBit(ReportImage.PLATFORM_INFO, 33);
      case KEY_INFO_RESERVED_BIT -> image.setBit(ReportImage.KEY_INFO, 9);
      case TCB_RESERVED_BYTE -> image.u8(TCB_SPARE, 1);
      case RESERVED_FIELD -> image.u8(RESERVED, 1);
      case VMPL -> image.u32(ReportImage.VMPL, 1);
      case ALIAS_CHECK -> image.clearBit(ReportImage.PLATFORM_INFO, 5);
      case SMT_ALLOWED -> image.setBit(ReportImage.POLICY, 16);
      case SMT_ON -> image.setBit(ReportImage.PLATFORM_INFO, 0);
      case CIPHERTEXT_HIDING_NOT_DEMANDED -> image.clearBit(ReportImage.POLICY, 24);
      case CIPHERTEXT_HIDING_OFF -> image.clearBit(ReportImage.PLATFORM_INFO, 4);
      case MEASUREMENT -> image.flip(ReportImage.MEASUREMENT + 47);
      case HOST_DATA -> image.flip(ReportImage.HOST_DATA);
      case REPORT_DATA -> image.flip(ReportImage.REPORT_DATA + 63);
      default -> {}
    }
  }

  private SimulatedChip chipFor(Flaw flaw) {
    return flaw == Flaw.TCB_BELOW_FLOOR ? ancient : chip;
  }

  private byte[] signed(SimulatedChip actual, ReportImage image, Flaw flaw) {
    return flaw == Flaw.SIGNED_BY_ANOTHER_KEY
        ? image.sign(Keys.p384(amd.random()).getPrivate())
        : actual.sign(image);
  }

  /** Changes the bytes after they were signed. */
  private static byte[] damage(byte[] report, Flaw flaw) {
    return switch (flaw) {
      case REPORT_TOO_SHORT -> Arrays.copyOf(report, report.length - 1);
      case REPORT_TOO_LONG -> Arrays.copyOf(report, report.length + 1);
      case SIGNATURE_PADDING -> with(report, 0x2a0 + 60);
      case SIGNATURE_BROKEN -> with(report, 0x2a0);
      default -> report;
    };
  }

  private static byte[] with(byte[] report, int flipped) {
    report[flipped] ^= 1;
    return report;
  }

  private List<X509Certificate> certificates(SimulatedChip actual, Flaw flaw) {
    X509Certificate vcek = vcek(actual, flaw);
    return switch (flaw) {
      case UNPINNED_ROOT -> List.of(vcek, foreign.ask(), foreign.ark());
      case VCEK_MISSING -> List.of(amd.ask(), amd.ark());
      case ASK_MISSING -> List.of(vcek, amd.ark());
      case ARK_MISSING -> List.of(vcek, amd.ask());
      default -> List.of(vcek, amd.ask(), amd.ark());
    };
  }

  private X509Certificate vcek(SimulatedChip actual, Flaw flaw) {
    VcekSpec spec = actual.spec();
    return switch (flaw) {
      case UNPINNED_ROOT, VCEK_OF_FOREIGN_ASK -> spec.issue(foreign.intermediate());
      case VCEK_EXPIRED ->
          issue(spec.withValidity(Validity.of("2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z")));
      case VCEK_NOT_YET_VALID ->
          issue(spec.withValidity(Validity.of("2045-01-01T00:00:00Z", "2046-01-01T00:00:00Z")));
      case VCEK_SIGNED_WITH_SHA256 -> issue(spec.withSigning(Signing.PSS_SHA256));
      case VCEK_SIGNED_WITH_PKCS1 -> issue(spec.withSigning(Signing.PKCS1_SHA384));
      case PRODUCT_OF_CERTIFICATE -> issue(spec.withProduct("Milan-B0"));
      default -> actual.vcek();
    };
  }

  private X509Certificate issue(VcekSpec spec) {
    return spec.issue(amd.intermediate());
  }

  private List<RevocationList> revocations(SimulatedChip actual, Flaw flaw, Instant now) {
    Instant lately = now.minus(Duration.ofHours(1));
    return switch (flaw) {
      case ASK_REVOKED -> List.of(amd.revocations(lately, amd.ask()));
      case VCEK_REVOKED -> List.of(amd.revocations(lately, actual.vcek()));
      case LIST_FORGED -> List.of(foreign.revocations(lately));
      case LIST_EXPIRED -> List.of(amd.revocations(now.minus(Duration.ofHours(2)), lately));
      case LIST_OF_THE_FUTURE -> List.of(amd.revocations(now.plus(Duration.ofHours(1))));
      case LIST_STALE -> List.of(amd.revocations(now.minus(Duration.ofDays(30))));
      case LIST_MISSING -> List.of();
      case LIST_SIGNED_WITH_SHA256 ->
          List.of(amd.oddRevocations(lately, Signing.PSS_SHA256, false));
      case LIST_SIGNED_WITH_PKCS1 ->
          List.of(amd.oddRevocations(lately, Signing.PKCS1_SHA384, false));
      case LIST_WITH_UNKNOWN_CRITICAL_EXTENSION ->
          List.of(amd.oddRevocations(lately, Signing.PSS_SHA384, true));
      default -> List.of(amd.revocations(lately));
    };
  }
}
