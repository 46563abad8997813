package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.seal.AesGcm;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals or opens the frames of one answer in order (protocol §11.3). Which frame it is and whether
 * it is the last are bound to the ciphertext, so frames cannot be swapped, dropped or cut off.
 */
final class FrameCipher implements AutoCloseable {
  static final int RN_BYTES = 32;
  static final int MORE = 0;
  static final int LAST = 1;

  private static final byte[] LABEL = "leasehold/1/frame\0".getBytes(StandardCharsets.US_ASCII);

  private final int frameBytes;
  private final AesGcm gcm;
  private final byte[] base;
  private long next;

  /**
   * Derives key and nonces.
   *
   * @param secret exported from the request's HPKE context
   * @param enc of the request
   * @param rn 32 random bytes of the enclave
   */
  FrameCipher(SecretBytes secret, Bytes enc, byte[] rn, int frameBytes) {
    if (!Lease.Stream.fits(frameBytes)) {
      throw new IllegalArgumentException(
          "frameBytes: expected " + Lease.Stream.FRAME_BYTES + ", found " + frameBytes);
    }
    this.frameBytes = frameBytes;
    byte[] salt = new byte[enc.length() + rn.length];
    System.arraycopy(enc.toArray(), 0, salt, 0, enc.length());
    System.arraycopy(rn, 0, salt, enc.length(), rn.length);
    byte[] ikm = secret.exposeArray();
    try {
      KDF hkdf = KDF.getInstance("HKDF-SHA256");
      SecretKey prk =
          hkdf.deriveKey(
              "HKDF-PRK", HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(ikm).extractOnly());
      this.base = expand(hkdf, prk, "nonce", AesGcm.NONCE_BYTES);
      try (SecretBytes key = SecretBytes.taking(expand(hkdf, prk, "key", AesGcm.KEY_BYTES))) {
        this.gcm = new AesGcm(key);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      Arrays.fill(ikm, (byte) 0);
    }
  }

  int frameBytes() {
    return frameBytes;
  }

  int sealedBytes() {
    return 1 + frameBytes + AesGcm.TAG_BYTES;
  }

  /** {@code u8 t ‖ AES-256-GCM(plain)}; {@code plain} is exactly {@code frameBytes} long. */
  byte[] seal(int t, byte[] plain) {
    byte[] frame = new byte[sealedBytes()];
    frame[0] = (byte) t;
    ByteBuffer out = ByteBuffer.wrap(frame, 1, frame.length - 1);
    gcm.seal(nonce(), aad(t), ByteBuffer.wrap(plain, 0, frameBytes), out);
    next++;
    return frame;
  }

  /** The plaintext of the next frame if it is genuine and in its place. */
  byte[] open(byte[] frame) throws OpenFailed {
    byte[] plain = new byte[frameBytes];
    ByteBuffer in = ByteBuffer.wrap(frame, 1, frame.length - 1);
    gcm.open(nonce(), aad(frame[0]), in, ByteBuffer.wrap(plain));
    next++;
    return plain;
  }

  long framesSoFar() {
    return next;
  }

  @Override
  public void close() {
    gcm.close();
  }

  /** {@code base XOR u96(i)}. */
  private byte[] nonce() {
    ByteBuffer nonce = ByteBuffer.wrap(base.clone());
    nonce.putLong(4, nonce.getLong(4) ^ next);
    return nonce.array();
  }

  private static byte[] aad(int t) {
    byte[] aad = Arrays.copyOf(LABEL, LABEL.length + 1);
    aad[LABEL.length] = (byte) t;
    return aad;
  }

  private static byte[] expand(KDF hkdf, SecretKey prk, String info, int length)
      throws GeneralSecurityException {
    return hkdf.deriveData(
        HKDFParameterSpec.expandOnly(prk, info.getBytes(StandardCharsets.US_ASCII), length));
  }
}
