package dev.leasehold.core.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM with one key, nonces given by the caller. Direct buffers are used in place. Not safe
 * for concurrent use.
 *
 * <p>Sealing twice in a row with the same nonce throws; any other reuse is the caller's to exclude.
 */
public final class AesGcm implements AutoCloseable {
  public static final int KEY_BYTES = 32;
  public static final int NONCE_BYTES = 12;
  public static final int TAG_BYTES = 16;

  private final Key key;
  private final Cipher cipher;

  public AesGcm(SecretBytes key) {
    if (key.length() != KEY_BYTES) {
      throw new IllegalArgumentException("expected a key of 32 bytes, found " + key.length());
    }
    this.key = new Key(key.exposeArray());
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding", CryptoProvider.conscrypt());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes ciphertext and tag to {@code out}; consumes {@code plain}. */
  public void seal(byte[] nonce, byte[] aad, ByteBuffer plain, ByteBuffer out) {
    try {
      init(Cipher.ENCRYPT_MODE, nonce, aad);
      cipher.doFinal(plain, out);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the plaintext to {@code out} if the tag verifies; consumes {@code sealed}. */
  public void open(byte[] nonce, byte[] aad, ByteBuffer sealed, ByteBuffer out) throws OpenFailed {
    if (sealed.remaining() < TAG_BYTES) {
      throw new OpenFailed();
    }
    try {
      init(Cipher.DECRYPT_MODE, nonce, aad);
      cipher.doFinal(sealed, out);
    } catch (BadPaddingException e) {
      throw new OpenFailed();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Overwrites the key. */
  @Override
  public void close() {
    key.destroy();
  }

  private void init(int mode, byte[] nonce, byte[] aad) throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD(aad);
  }

  /** Hands the cipher the one array that it keeps, so that destroying overwrites its copy too. */
  private static final class Key implements SecretKey {
    private final byte[] raw;
    private boolean destroyed;

    Key(byte[] raw) {
      this.raw = raw;
    }

    @Override
    public String getAlgorithm() {
      return "AES";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      if (destroyed) {
        throw new IllegalStateException("the key was wiped");
      }
      return raw;
    }

    @Override
    public void destroy() {
      destroyed = true;
      Arrays.fill(raw, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
      return destroyed;
    }
  }
}
