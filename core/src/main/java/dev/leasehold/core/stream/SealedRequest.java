package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.hpke.Hpke;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A consumer's request as it travels (protocol §11.2): {@code 01 ‖ H(keyconfig) ‖ enc(1120) ‖ u32
 * ctLen ‖ ct}.
 *
 * @param keyconfig which key it is sealed to
 * @param sealed the padded request
 */
public record SealedRequest(Hash keyconfig, Sealed sealed) {
  public static final String CONTENT_TYPE = "application/vnd.leasehold.sealed-request";

  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 1 + Hash.BYTES + Hpke.ENC_BYTES + 4;
  private static final int SECRET_BYTES = 32;
  private static final byte[] EXPORTER = "leasehold/1/response".getBytes(StandardCharsets.US_ASCII);

  /** What the consumer keeps to read the answer; it closes the secret. */
  public record Sent(SealedRequest request, SecretBytes responseSecret) {}

  /** What the enclave found; it closes both. */
  public record Received(SecretBytes json, SecretBytes responseSecret) implements AutoCloseable {
    @Override
    public void close() {
      json.close();
      responseSecret.close();
    }
  }

  /** The longest encoding under a key configuration: more need not be read from the network. */
  public static long maxEncodedBytes(long maxRequestBytes) {
    return HEAD_BYTES + Math.min(maxRequestBytes, RequestPadding.MAX_BYTES) + Hpke.TAG_BYTES;
  }

  /**
   * Pads and seals a request.
   *
   * @param keyconfig H(keyconfig), to which the message is bound
   * @param ck the key in it
   * @param maxRequestBytes the limit in it
   */
  public static Sent seal(Hash keyconfig, HpkePublicKey ck, byte[] json, long maxRequestBytes)
      throws Malformed {
    long padded = RequestPadding.bucket(json.length);
    if (padded > Math.min(maxRequestBytes, RequestPadding.MAX_BYTES)) {
      throw new Malformed("request", "at most " + maxRequestBytes + " bytes padded", padded + "");
    }
    byte[] plaintext = RequestPadding.pad(json);
    Hpke.Request request =
        Hpke.sealAndExport(ck, info(keyconfig), aad(keyconfig), plaintext, EXPORTER, SECRET_BYTES);
    return new Sent(new SealedRequest(keyconfig, request.sealed()), request.secret());
  }

  /** Parses the travelling form; opens nothing. */
  public static SealedRequest parse(byte[] encoded, long maxRequestBytes) throws Malformed {
    if (encoded.length > maxEncodedBytes(maxRequestBytes)) {
      throw new Malformed(
          "sealed-request",
          "at most " + maxEncodedBytes(maxRequestBytes) + " bytes",
          encoded.length + " bytes");
    }
    ByteReader in = ByteReader.bigEndian("sealed-request", encoded);
    int version = in.u8("version");
    if (version != VERSION) {
      throw new Malformed("sealed-request.version", "1", Integer.toString(version));
    }
    Hash keyconfig = Hash.of(in.bytes("keyconfig", Hash.BYTES));
    Bytes enc = Bytes.of(in.bytes("enc", Hpke.ENC_BYTES));
    long length = in.u32("ctLen");
    Bytes ct = Bytes.of(in.bytes("ct", length));
    in.end();
    if (!RequestPadding.isBucket(length - Hpke.TAG_BYTES)) {
      throw new Malformed("sealed-request.ctLen", "16 more than a power of two", length + "");
    }
    return new SealedRequest(keyconfig, new Sealed(enc, ct));
  }

  /**
   * Opens the request with the key of the configuration it names.
   *
   * @throws OpenFailed when it was not sealed to this key and this configuration, or is not padded
   *     as it must be: an honest consumer sends neither, and nobody learns which it was
   */
  public Received open(HpkeKeyPair ck) throws OpenFailed {
    Hpke.Opened opened =
        Hpke.openAndExport(ck, sealed, info(keyconfig), aad(keyconfig), EXPORTER, SECRET_BYTES);
    try (SecretBytes padded = opened.plaintext()) {
      byte[] plaintext = padded.exposeArray();
      try {
        return new Received(SecretBytes.taking(RequestPadding.unpad(plaintext)), opened.secret());
      } finally {
        Arrays.fill(plaintext, (byte) 0);
      }
    } catch (Malformed e) {
      opened.close();
      throw new OpenFailed();
    }
  }

  public byte[] encode() {
    return new ByteWriter()
        .bytes(aad(keyconfig), sealed.enc().toArray())
        .u32(sealed.ct().length())
        .bytes(sealed.ct().toArray())
        .toByteArray();
  }

  /** {@code requestHash} of the receipt: SHA-256 of the travelling form. */
  public Hash hash() {
    return Digests.sha256(encode());
  }

  private static byte[] aad(Hash keyconfig) {
    return new ByteWriter().u8(VERSION).bytes(keyconfig.bytes()).toByteArray();
  }

  private static byte[] info(Hash keyconfig) {
    return new ByteWriter()
        .bytes("leasehold/1/infer".getBytes(StandardCharsets.US_ASCII))
        .u8(0)
        .bytes(keyconfig.bytes())
        .toByteArray();
  }
}
