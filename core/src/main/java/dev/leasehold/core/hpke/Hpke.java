package dev.leasehold.core.hpke;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.seal.CryptoProvider;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;

/**
 * HPKE (RFC 9180) base mode with X-Wing, HKDF-SHA256 and AES-256-GCM, one message per context
 * (protocol §5).
 */
public final class Hpke {
  /** The identifiers that a key configuration names (protocol §11.1). */
  public static final int KEM_ID = 0x647a;

  public static final int KDF_ID = 0x0001;
  public static final int AEAD_ID = 0x0002;

  /** Length of {@link Sealed#enc}. */
  public static final int ENC_BYTES = 1120;

  /** How much longer {@link Sealed#ct} is than the plaintext. */
  public static final int TAG_BYTES = 16;

  static final String SUITE = "XWING/HKDF_SHA256/AES_256_GCM";

  private Hpke() {}

  /** What a sender keeps to read the answer: the message and the secret exported beside it. */
  public record Request(Sealed sealed, SecretBytes secret) {}

  /** What a recipient keeps to write the answer. */
  public record Opened(SecretBytes plaintext, SecretBytes secret) implements AutoCloseable {
    @Override
    public void close() {
      plaintext.close();
      secret.close();
    }
  }

  public static Sealed seal(HpkePublicKey to, byte[] info, byte[] aad, byte[] plaintext) {
    return seal(senderTo(to, info), aad, plaintext);
  }

  /** Opens one message, or fails without saying why. */
  public static byte[] open(HpkeKeyPair key, Sealed sealed, byte[] info, byte[] aad)
      throws OpenFailed {
    return open(recipient(key, sealed, info), sealed, aad);
  }

  /** Seals, and exports {@code length} secret bytes that only the recipient can export too. */
  public static Request sealAndExport(
      HpkePublicKey to, byte[] info, byte[] aad, byte[] plaintext, byte[] exporter, int length) {
    HpkeContextSender context = senderTo(to, info);
    Sealed sealed = seal(context, aad, plaintext);
    return new Request(sealed, SecretBytes.taking(context.export(length, exporter)));
  }

  /** Opens, and exports the sender's secret. */
  public static Opened openAndExport(
      HpkeKeyPair key, Sealed sealed, byte[] info, byte[] aad, byte[] exporter, int length)
      throws OpenFailed {
    HpkeContextRecipient context = recipient(key, sealed, info);
    SecretBytes plaintext = SecretBytes.taking(open(context, sealed, aad));
    return new Opened(plaintext, SecretBytes.taking(context.export(length, exporter)));
  }

  static HpkeContextSender sender(String suite) {
    try {
      return HpkeContextSender.getInstance(suite, CryptoProvider.conscrypt());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static HpkeContextRecipient recipient(String suite) {
    try {
      return HpkeContextRecipient.getInstance(suite, CryptoProvider.conscrypt());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HpkeContextSender senderTo(HpkePublicKey to, byte[] info) {
    HpkeContextSender context = sender(SUITE);
    try {
      context.init(to.jdk(), info);
      return context;
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Sealed seal(HpkeContextSender context, byte[] aad, byte[] plaintext) {
    byte[] ct = context.seal(plaintext, aad);
    return new Sealed(Bytes.of(context.getEncapsulated()), Bytes.of(ct));
  }

  private static HpkeContextRecipient recipient(HpkeKeyPair key, Sealed sealed, byte[] info)
      throws OpenFailed {
    HpkeContextRecipient context = recipient(SUITE);
    try {
      context.init(sealed.enc().toArray(), key.jdk(), info);
      return context;
    } catch (InvalidKeyException | RuntimeException e) {
      // The provider reports a wiped key and an unusable share as bare RuntimeExceptions.
      throw new OpenFailed();
    }
  }

  private static byte[] open(HpkeContextRecipient context, Sealed sealed, byte[] aad)
      throws OpenFailed {
    try {
      return context.open(sealed.ct().toArray(), aad);
    } catch (GeneralSecurityException e) {
      throw new OpenFailed();
    }
  }
}
