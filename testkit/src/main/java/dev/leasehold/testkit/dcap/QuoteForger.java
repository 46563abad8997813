package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.testkit.pki.Curve;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;

/** Makes one quote that is right in everything but the flaw asked for. */
final class QuoteForger {
  private static final HexBytes INTEL = new HexBytes("939a7233f79c4ca9940a0db3957f0607");
  private static final int HEADER = 48;
  private static final int SGX_REPORT = 384;
  private static final int QE_REPORT_DATA = 320;
  private static final int LENGTH_FIELD = 4;
  private static final int CHAIN = 5;
  private static final int QE_REPORT_CERTIFICATION = 6;

  private final DcapFlaw flaw;
  private final DcapRequest request;
  private final QuoteForm form;
  private final KeyPair pck;

  QuoteForger(DcapFlaw flaw, DcapRequest request, KeyPair pck) {
    this.flaw = flaw;
    this.request = request;
    this.form = request.form();
    this.pck = pck;
  }

  byte[] forge(String pemChain) {
    byte[] signed = signedPart();
    KeyPair attestation = Curve.P256.newKey();
    byte[] key = xy(attestation);
    if (flaw == DcapFlaw.ATTESTATION_KEY_OFF_THE_CURVE) {
      key[63] ^= 1;
    }
    byte[] authentication = new byte[32];
    byte[] qeReport = qeReport(key, authentication);
    byte[] qeSignature =
        sign(
            flaw == DcapFlaw.QE_REPORT_SIGNED_BY_ANOTHER_KEY ? Curve.P256.newKey() : pck, qeReport);
    if (flaw == DcapFlaw.ATTESTATION_KEY_SWAPPED) {
      attestation = Curve.P256.newKey();
      key = xy(attestation);
    }
    byte[] signature = sign(attestation, signed);
    switch (flaw) {
      case QE_REPORT_CHANGED -> qeReport[64] ^= 1;
      case QE_SIGNATURE_OF_ZEROS -> Arrays.fill(qeSignature, (byte) 0);
      case AUTHENTICATION_DATA_CHANGED -> authentication[31] ^= 1;
      case HEADER_CHANGED -> signed[HEADER - 1] ^= 1;
      case BODY_CHANGED -> signed[signed.length - 1] ^= 1;
      case SIGNATURE_BROKEN -> signature[0] ^= 1;
      case SIGNATURE_OF_ZEROS -> Arrays.fill(signature, (byte) 0);
      default -> {}
    }
    byte[] certification = certification(qeReport, qeSignature, authentication, pemChain);
    return padded(assemble(signed, signature, key, certification));
  }

  /** Header and body, as the attestation key signs them. */
  private byte[] signedPart() {
    ByteBuffer out = buffer(form.bodyOffset() + form.bodyBytes());
    out.putShort(0, (short) (flaw == DcapFlaw.QUOTE_VERSION ? 6 : form.version()));
    out.putShort(2, (short) (flaw == DcapFlaw.ATTESTATION_KEY_TYPE ? 3 : 2));
    out.putInt(4, flaw == DcapFlaw.TEE_TYPE ? 0x82 : form.tee());
    if (form.version() == 3) {
      out.putShort(8, (short) 6).putShort(10, (short) 13);
    } else if (flaw == DcapFlaw.HEADER_RESERVED) {
      out.putShort(8, (short) 1);
    }
    out.put(12, INTEL.bytes());
    if (flaw == DcapFlaw.QE_VENDOR) {
      out.put(12, (byte) 0);
    }
    if (form.version() == 5) {
      out.putShort(HEADER, (short) (flaw == DcapFlaw.BODY_TYPE ? 2 : form.bodyType()));
      out.putInt(HEADER + 2, form.bodyBytes() + (flaw == DcapFlaw.BODY_SIZE ? 1 : 0));
    }
    byte[] body = form.isTdx() ? TdBody.of(flaw, request) : enclave();
    return content(out.put(form.bodyOffset(), body));
  }

  private byte[] enclave() {
    ByteBuffer out = sgxReport(request.measurement().bytes(), new byte[32], 0x05, 0, 0);
    switch (flaw) {
      case SGX_DEBUG -> out.put(48, (byte) 0x07);
      case SGX_NOT_INITIALISED -> out.put(48, (byte) 0x04);
      case SGX_RESERVED_ATTRIBUTE -> out.put(50, (byte) 1);
      default -> {}
    }
    return content(out.put(QE_REPORT_DATA, request.reportData().bytes()));
  }

  private byte[] qeReport(byte[] key, byte[] authentication) {
    HexBytes signer = form.isTdx() ? IntelWords.TD_QE_SIGNER : IntelWords.QE_SIGNER;
    ByteBuffer out = sgxReport(new byte[32], signer.bytes(), 0x15, form.isTdx() ? 2 : 1, qeSvn());
    switch (flaw) {
      case QE_NOT_INTELS -> out.put(128, (byte) 0);
      case QE_OTHER_PRODUCT -> out.putShort(256, (short) 3);
      case QE_IN_DEBUG -> out.put(48, (byte) 0x17);
      case QE_MISCSELECT -> out.put(16, (byte) 1);
      case QE_REPORT_DATA_TAIL -> out.put(QE_REPORT_DATA + 63, (byte) 1);
      default -> {}
    }
    return content(out.put(QE_REPORT_DATA, Digests.sha256(key, authentication).bytes()));
  }

  private int qeSvn() {
    return switch (flaw) {
      case QE_OUT_OF_DATE -> 4;
      case QE_REVOKED -> 2;
      case QE_BELOW_EVERY_LEVEL -> 1;
      default -> 6;
    };
  }

  private static ByteBuffer sgxReport(
      byte[] mrEnclave, byte[] mrSigner, int attributes, int product, int svn) {
    return buffer(SGX_REPORT)
        .put(0, new HexBytes("05".repeat(16)).bytes())
        .put(48, (byte) attributes)
        .put(56, (byte) 0xe7)
        .put(64, mrEnclave)
        .put(128, mrSigner)
        .putShort(256, (short) product)
        .putShort(258, (short) svn);
  }

  /** The Quoting Enclave's report and the chain of the key that signed it. */
  private byte[] certification(
      byte[] qeReport, byte[] qeSignature, byte[] authentication, String pemChain) {
    String text = flaw == DcapFlaw.TEXT_BETWEEN_CERTIFICATES ? "Subject: x\n" + pemChain : pemChain;
    byte[] chain = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = buffer(qeReport.length + 64 + 2 + authentication.length + 6 + chain.length);
    out.put(qeReport).put(qeSignature);
    out.putShort((short) authentication.length).put(authentication);
    out.putShort((short) (flaw == DcapFlaw.CERTIFICATION_TYPE ? 7 : CHAIN));
    return content(out.putInt(chain.length).put(chain));
  }

  private byte[] assemble(byte[] signed, byte[] signature, byte[] key, byte[] certification) {
    boolean wrapped = form.version() > 3;
    int length = 128 + (wrapped ? 6 : 0) + certification.length;
    ByteBuffer out = buffer(signed.length + LENGTH_FIELD + length);
    out.put(signed).putInt(declared(length)).put(signature).put(key);
    if (wrapped) {
      out.putShort((short) QE_REPORT_CERTIFICATION).putInt(certification.length);
    }
    return content(out.put(certification));
  }

  private int declared(int length) {
    return switch (flaw) {
      case SIGNATURE_DATA_TOO_LONG -> length - 1;
      case SIGNATURE_DATA_LENGTH_HUGE -> -1;
      default -> length;
    };
  }

  private byte[] padded(byte[] quote) {
    return switch (flaw) {
      case QUOTE_TOO_SHORT -> Arrays.copyOf(quote, quote.length - 1);
      case ZERO_PADDING -> Arrays.copyOf(quote, quote.length + 70);
      case TRAILING_DATA -> {
        byte[] longer = Arrays.copyOf(quote, quote.length + 70);
        longer[longer.length - 1] = 1;
        yield longer;
      }
      default -> quote;
    };
  }

  private static byte[] sign(KeyPair key, byte[] message) {
    return Curve.P256.sign(key.getPrivate(), message);
  }

  /** The point without the prefix that a public key's encoding ends with. */
  private static byte[] xy(KeyPair key) {
    byte[] encoded = key.getPublic().getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - 64, encoded.length);
  }

  static byte[] content(ByteBuffer buffer) {
    byte[] out = new byte[buffer.capacity()];
    buffer.get(0, out);
    return out;
  }

  private static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
