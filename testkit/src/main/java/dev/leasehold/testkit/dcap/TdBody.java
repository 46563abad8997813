package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.HexBytes;
import java.nio.ByteBuffer;

/** The report of a trust domain, by offset of Intel's TD quote body. */
final class TdBody {
  private static final int TEE_TCB_SVN = 0;
  private static final int MR_SEAM = 16;
  private static final int MR_SIGNER_SEAM = 64;
  private static final int SEAM_ATTRIBUTES = 112;
  private static final int TD_ATTRIBUTES = 120;
  private static final int XFAM = 128;
  private static final int MR_TD = 136;
  private static final int RTMR_0 = 328;
  private static final int REPORT_DATA = 520;
  private static final int TEE_TCB_SVN_2 = 584;
  private static final int MR_SERVICE_TD = 600;

  private TdBody() {}

  static byte[] of(DcapFlaw flaw, DcapRequest request) {
    QuoteForm form = request.form();
    ByteBuffer out =
        ByteBuffer.allocate(form.bodyBytes())
            .put(TEE_TCB_SVN, launched(flaw, form))
            .put(MR_SEAM, new HexBytes("5e".repeat(48)).bytes())
            .put(MR_SIGNER_SEAM, IntelWords.MODULE_SIGNER.bytes())
            .put(TD_ATTRIBUTES, new HexBytes("0000001000000000").bytes())
            .put(XFAM, new HexBytes("e702060000000000").bytes())
            .put(MR_TD, request.measurement().bytes())
            .put(RTMR_0, new HexBytes("a0".repeat(48)).bytes())
            .put(REPORT_DATA, request.reportData().bytes());
    if (form.isTd15()) {
      boolean updated = flaw == DcapFlaw.MODULE_UPDATED_SINCE_LAUNCH;
      out.put(TEE_TCB_SVN_2, updated ? svn("060103") : launched(flaw, form));
    }
    return QuoteForger.content(altered(out, flaw));
  }

  private static ByteBuffer altered(ByteBuffer out, DcapFlaw flaw) {
    return switch (flaw) {
      case MR_SIGNER_SEAM -> out.put(MR_SIGNER_SEAM, (byte) 1);
      case SEAM_ATTRIBUTES -> out.put(SEAM_ATTRIBUTES, (byte) 1);
      case TD_DEBUG -> out.put(TD_ATTRIBUTES, (byte) 1);
      case TD_SEPT_VE -> out.put(TD_ATTRIBUTES + 3, (byte) 0);
      case TD_MIGRATABLE -> out.put(TD_ATTRIBUTES + 3, (byte) 0x30);
      case TD_PERFMON -> out.put(TD_ATTRIBUTES + 7, (byte) 0x80);
      case TD_RESERVED_ATTRIBUTE -> out.put(TD_ATTRIBUTES + 5, (byte) 1);
      case TD_SERVICE_DOMAIN -> out.put(MR_SERVICE_TD, (byte) 1);
      default -> out;
    };
  }

  private static byte[] launched(DcapFlaw flaw, QuoteForm form) {
    return switch (flaw) {
      case MODULE_UNKNOWN -> svn("060903");
      case MODULE_OUT_OF_DATE, MODULE_UPDATED_SINCE_LAUNCH -> svn("040103");
      case MODULE_BELOW_EVERY_LEVEL -> svn("010103");
      default -> svn(form == QuoteForm.TDX_V4 ? "050003" : "060103");
    };
  }

  private static byte[] svn(String start) {
    return new HexBytes(start + "00".repeat(13)).bytes();
  }
}
