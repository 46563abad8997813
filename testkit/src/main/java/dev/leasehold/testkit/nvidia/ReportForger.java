package dev.leasehold.testkit.nvidia;

import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.testkit.pki.Curve;
import java.security.PrivateKey;
import java.util.Arrays;

/** Makes the report of one GPU: driver 550.90.07, VBIOS 96.00.9F.00.01, decoder in use. */
final class ReportForger {
  static final int DECODER = 35;
  static final int FIRST_OF_DRIVER = 7;
  static final int LAST_OF_DRIVER = 40;
  static final int FIRST_OF_VBIOS = 0;
  static final byte[] WRONG = filled(0xee, 48);
  static final byte[] FWID = filled(0xf1, 48);

  private static final int BLOCKS = 64;

  private final PrivateKey key;

  ReportForger(PrivateKey key) {
    this.key = key;
  }

  byte[] forge(NvidiaFlaw flaw, Nonce nonce) {
    GpuReportImage image =
        image(flaw == NvidiaFlaw.ANOTHER_ENCLAVES_NONCE ? new Nonce("0".repeat(64)) : nonce);
    alter(image, flaw);
    byte[] unsigned = image.unsigned();
    switch (flaw) {
      case REQUEST_OF_ANOTHER_VERSION -> unsigned[GpuReportImage.REQUEST_VERSION] = 0x12;
      case NO_SIGNATURE_REQUESTED -> unsigned[GpuReportImage.REQUEST_PARAM1] = 0;
      case ANOTHER_SLOT_ANSWERED -> unsigned[GpuReportImage.REQUEST_SLOT] = 1;
      case ANOTHER_ANSWER -> unsigned[GpuReportImage.RESPONSE_CODE] = 0x61;
      case BLOCK_OF_ANOTHER_INDEX -> unsigned[GpuReportImage.FIRST_BLOCK] = 2;
      case BLOCK_OF_ANOTHER_SPECIFICATION -> unsigned[GpuReportImage.FIRST_BLOCK + 1] = 2;
      case BLOCK_LONGER_THAN_THE_RECORD -> unsigned[GpuReportImage.FIRST_BLOCK + 3] = 0x7f;
      default -> {}
    }
    return damage(signed(flaw, unsigned), flaw);
  }

  private byte[] signed(NvidiaFlaw flaw, byte[] unsigned) {
    return switch (flaw) {
      case SIGNED_BY_ANOTHER_KEY ->
          GpuReportImage.signed(unsigned, Curve.P384.newKey().getPrivate());
      case ANSWER_SIGNED_WITHOUT_THE_REQUEST -> {
        byte[] out = GpuReportImage.signed(unsigned, key);
        byte[] answer =
            Arrays.copyOfRange(unsigned, GpuReportImage.REQUEST_SLOT + 1, unsigned.length);
        byte[] alone = GpuReportImage.signed(answer, key);
        System.arraycopy(alone, answer.length, out, unsigned.length, out.length - unsigned.length);
        yield out;
      }
      default -> GpuReportImage.signed(unsigned, key);
    };
  }

  private static byte[] damage(byte[] report, NvidiaFlaw flaw) {
    switch (flaw) {
      case REPORT_TOO_SHORT -> {
        return Arrays.copyOf(report, report.length - 1);
      }
      case REPORT_TOO_LONG -> {
        return Arrays.copyOf(report, report.length + 1);
      }
      case SIGNATURE_BROKEN -> report[report.length - 1] ^= 1;
      default -> {}
    }
    return report;
  }

  private static GpuReportImage image(Nonce nonce) {
    return new GpuReportImage(nonce)
        .measure(BLOCKS)
        .text(GpuReportImage.DRIVER_VERSION, "550.90.07")
        .opaque(GpuReportImage.VBIOS_VERSION, bytes(0x00, 0x9f, 0x00, 0x96, 0x01, 0, 0, 0))
        .text(GpuReportImage.CHIP_SKU, "882")
        .text(GpuReportImage.PROJECT, "1010")
        .text(GpuReportImage.PROJECT_SKU, "0200")
        .opaque(GpuReportImage.NVDEC0_STATUS, bytes(0xaa))
        .opaque(GpuReportImage.FWID, FWID);
  }

  /** Changes what is signed. */
  private static void alter(GpuReportImage image, NvidiaFlaw flaw) {
    switch (flaw) {
      case DECODER_OFF_AND_UNMEASURED ->
          image.opaque(GpuReportImage.NVDEC0_STATUS, bytes(0x55)).measured(DECODER, new byte[48]);
      case DECODER_ON_AND_CHANGED -> image.measured(DECODER, new byte[48]);
      case DECODER_STATUS -> image.opaque(GpuReportImage.NVDEC0_STATUS, bytes(0x54));
      case FIRMWARE_NOT_REPORTED -> image.remove(GpuReportImage.FWID);
      case FIRMWARE_ID -> image.opaque(GpuReportImage.FWID, WRONG);
      case FIRMWARE_ID_TOO_SHORT -> image.opaque(GpuReportImage.FWID, filled(0xf1, 47));
      case OPAQUE_TYPE_TWICE -> image.opaqueAgain(GpuReportImage.NVDEC0_STATUS, bytes(0x55));
      case DRIVER_VERSION_MISSING -> image.remove(GpuReportImage.DRIVER_VERSION);
      case DRIVER_MEASUREMENT -> image.measured(FIRST_OF_DRIVER, WRONG);
      case VBIOS_MEASUREMENT -> image.measured(FIRST_OF_VBIOS, WRONG);
      case MEASUREMENT_OF_ANOTHER_SIZE ->
          image.measured(
              FIRST_OF_DRIVER, Arrays.copyOf(GpuReportImage.measurement(FIRST_OF_DRIVER), 47));
      case MEASUREMENT_NOT_REPORTED -> image.measure(LAST_OF_DRIVER);
      default -> {}
    }
  }

  private static byte[] filled(int value, int length) {
    byte[] out = new byte[length];
    Arrays.fill(out, (byte) value);
    return out;
  }

  private static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }
}
