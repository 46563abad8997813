package dev.leasehold.core.evidence.nitro;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.pki.Ecdsa;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A signed attestation document: COSE_Sign1 (RFC 9052 §4.2) by ES384, with nothing in its
 * unprotected header.
 *
 * @param signed the Sig_structure of RFC 9052 §4.4 over the document
 * @param signature {@code r ‖ s}, 48 bytes each
 */
public record NitroEvidence(NitroDocument document, Bytes signed, Bytes signature)
    implements Evidence {
  private static final int COSE_SIGN1 = 18;

  /** AWS attestation process §3.1. */
  private static final int MAX_DOCUMENT = 16_384;

  /** {@code {1: -35}}: the algorithm ES384 and nothing else. */
  private static final HexBytes ES384 = new HexBytes("a1013822");

  /** Reads one document and nothing after it; the tag may be left out, as AWS does. */
  public static NitroEvidence parse(byte[] cose) throws Malformed {
    CborReader in = new CborReader("COSE_Sign1", cose);
    in.optionalTag("tag", COSE_SIGN1);
    in.array("structure", 4);
    byte[] header = in.byteString("protected", 0, MAX_DOCUMENT);
    if (!Arrays.equals(header, ES384.bytes())) {
      throw new Malformed("COSE_Sign1.protected", ES384 + " (ES384)", Hex.encode(header));
    }
    in.emptyMap("unprotected");
    byte[] payload = in.byteString("payload", 1, MAX_DOCUMENT);
    int width = Ecdsa.P384_SHA384.signatureBytes();
    byte[] signature = in.byteString("signature", width, width);
    in.end();
    return new NitroEvidence(
        new NitroDocumentReader(payload).read(),
        Bytes.of(sigStructure(payload)),
        Bytes.of(signature));
  }

  /** {@code ["Signature1", protected, h'', payload]} in deterministic CBOR. */
  private static byte[] sigStructure(byte[] payload) {
    ByteWriter out =
        new ByteWriter()
            .u8(0x84)
            .u8(0x6a)
            .bytes("Signature1".getBytes(StandardCharsets.US_ASCII))
            .u8(0x44)
            .bytes(ES384.bytes())
            .u8(0x40);
    if (payload.length < 24) {
      out.u8(0x40 | payload.length);
    } else if (payload.length < 256) {
      out.u8(0x58).u8(payload.length);
    } else {
      out.u8(0x59).u16(payload.length);
    }
    return out.bytes(payload).toByteArray();
  }
}
