package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.dcap.Quote.Trailing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a quote front to back, in the order of Intel's quote format; integers little-endian. */
final class QuoteReader {
  private static final int ECDSA_P256 = 2;
  private static final int SGX = 0;
  private static final int TDX = 0x81;
  private static final HexBytes INTEL = new HexBytes("939a7233f79c4ca9940a0db3957f0607");
  private static final int BODY_SGX = 1;
  private static final int BODY_TD_1_0 = 2;
  private static final int BODY_TD_1_5 = 3;
  private static final int QE_REPORT_CERTIFICATION = 6;
  private static final int SIGNATURE = 64;
  private static final int KEY = 64;

  private final byte[] bytes;
  private final ByteReader in;
  private final List<String> reservedSet = new ArrayList<>();

  QuoteReader(byte[] bytes) {
    this.bytes = bytes;
    this.in = ByteReader.littleEndian("quote", bytes);
  }

  Quote read() throws Malformed {
    int version = oneOf("version", in.u16("version"), 3, 4, 5);
    oneOf("attestation key type", in.u16("attestation key type"), ECDSA_P256);
    int tee =
        oneOf(
            "TEE type", in.u32("TEE type"), version == 3 ? new int[] {SGX} : new int[] {SGX, TDX});
    QuoteHeader header = header(version);
    QuoteBody body = version == 5 ? describedBody(tee) : body(tee == SGX ? BODY_SGX : BODY_TD_1_0);
    Bytes signedPart = Bytes.of(Arrays.copyOf(bytes, in.position()));
    ByteReader data = section("signature data", in, in.u32("signature data length"));
    HexBytes signature = hex(data, "signature", SIGNATURE);
    HexBytes key = hex(data, "attestation key", KEY);
    ByteReader certification = version == 3 ? data : wrapped(data);
    QeReport qe = qeReport(certification);
    CertificationData certificates = certificationData(certification);
    certification.end();
    data.end();
    return new Quote(
        header, body, signedPart, signature, key, qe, certificates, trailing(), reservedSet);
  }

  private QuoteHeader header(int version) throws Malformed {
    int qeSvn = in.u16("QE SVN");
    int pceSvn = in.u16("PCE SVN");
    if (version > 3 && (qeSvn != 0 || pceSvn != 0)) {
      reservedSet.add("quote.reserved at 8");
    }
    HexBytes vendor = hex(in, "QE vendor", 16);
    if (!vendor.equals(INTEL)) {
      throw new Malformed("quote.QE vendor", INTEL.hex() + " (Intel)", vendor.hex());
    }
    return new QuoteHeader(version, qeSvn, pceSvn, hex(in, "user data", 20));
  }

  /** Version 5 says what its body is and how long. */
  private QuoteBody describedBody(int tee) throws Malformed {
    int type =
        oneOf(
            "body type",
            in.u16("body type"),
            tee == SGX ? new int[] {BODY_SGX} : new int[] {BODY_TD_1_0, BODY_TD_1_5});
    oneOf("body size", in.u32("body size"), size(type));
    return body(type);
  }

  private QuoteBody body(int type) throws Malformed {
    byte[] body = in.bytes("body", size(type));
    return type == BODY_SGX ? SgxReport.parse("SGX report", body) : TdReport.parse(body);
  }

  private static int size(int type) {
    return switch (type) {
      case BODY_SGX -> SgxReport.BYTES;
      case BODY_TD_1_0 -> TdReport.BYTES_1_0;
      default -> TdReport.BYTES_1_5;
    };
  }

  /** Since version 4 the Quoting Enclave's report is itself certification data, of type 6. */
  private static ByteReader wrapped(ByteReader data) throws Malformed {
    oneOf("certification data type", data.u16("certification data type"), QE_REPORT_CERTIFICATION);
    return section("certification data", data, data.u32("certification data length"));
  }

  private static QeReport qeReport(ByteReader data) throws Malformed {
    byte[] report = data.bytes("QE report", SgxReport.BYTES);
    HexBytes signature = hex(data, "QE report signature", SIGNATURE);
    byte[] authentication =
        data.bytes("QE authentication data", data.u16("QE authentication data length"));
    return new QeReport(
        SgxReport.parse("QE report", report),
        Bytes.of(report),
        signature,
        Bytes.of(authentication));
  }

  private static CertificationData certificationData(ByteReader data) throws Malformed {
    int type = data.u16("certification data type");
    return CertificationData.parse(
        type, data.bytes("certification data", data.u32("certification data length")));
  }

  private Trailing trailing() throws Malformed {
    int length = in.remaining();
    boolean zeros = true;
    for (byte b : in.bytes("trailing bytes", length)) {
      zeros &= b == 0;
    }
    return new Trailing(length, zeros);
  }

  private static ByteReader section(String field, ByteReader in, long length) throws Malformed {
    return ByteReader.littleEndian("quote." + field, in.bytes(field, length));
  }

  private static HexBytes hex(ByteReader in, String field, int length) throws Malformed {
    return HexBytes.of(in.bytes(field, length));
  }

  private static int oneOf(String field, long value, int... allowed) throws Malformed {
    for (int a : allowed) {
      if (a == value) {
        return a;
      }
    }
    throw new Malformed(
        "quote." + field, "one of " + Arrays.toString(allowed), Long.toString(value));
  }
}
