package dev.leasehold.core.hpke;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.CryptoProvider;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.security.auth.DestroyFailedException;

/** An X-Wing key pair. {@link #close} overwrites the private key; afterwards nothing opens. */
public final class HpkeKeyPair implements AutoCloseable {
  public static final int SEED_BYTES = 32;

  /** PKCS#8 PrivateKeyInfo up to the seed. */
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("3034020100300d060b2b0601040183e62d81c87a0420");

  private final HpkePublicKey publicKey;
  private final PrivateKey privateKey;

  private HpkeKeyPair(HpkePublicKey publicKey, PrivateKey privateKey) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  /** A fresh pair from the provider's own random number generator. */
  public static HpkeKeyPair generate() {
    try {
      KeyPair pair =
          KeyPairGenerator.getInstance("XWING", CryptoProvider.conscrypt()).generateKeyPair();
      return new HpkeKeyPair(HpkePublicKey.ofGenerated(pair.getPublic()), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A stored pair. The provider cannot derive a public key from a seed, so that they belong
   * together is shown by opening a message.
   */
  public static HpkeKeyPair restore(HpkePublicKey publicKey, SecretBytes seed) throws Malformed {
    if (seed.length() != SEED_BYTES) {
      throw new Malformed("seed", SEED_BYTES + " bytes", seed.length() + " bytes");
    }
    HpkeKeyPair pair = new HpkeKeyPair(publicKey, seed.exposeTo(HpkeKeyPair::decode));
    byte[] none = new byte[0];
    try {
      Hpke.open(pair, Hpke.seal(publicKey, none, none, none), none, none);
      return pair;
    } catch (OpenFailed e) {
      pair.close();
      throw new Malformed("seed", "the seed of the public key " + publicKey, "another");
    }
  }

  public HpkePublicKey publicKey() {
    return publicKey;
  }

  /** The seed, for keys that are stored; the caller closes it. */
  public SecretBytes exportSeed() {
    byte[] encoded = privateKey.getEncoded();
    byte[] seed = Arrays.copyOfRange(encoded, PKCS8_PREFIX.length, encoded.length);
    Arrays.fill(encoded, (byte) 0);
    return SecretBytes.taking(seed);
  }

  public boolean isDestroyed() {
    return privateKey.isDestroyed();
  }

  @Override
  public void close() {
    try {
      privateKey.destroy();
    } catch (DestroyFailedException e) {
      throw new IllegalStateException(e);
    }
  }

  PrivateKey jdk() {
    return privateKey;
  }

  private static PrivateKey decode(byte[] seed) {
    byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_BYTES);
    System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, SEED_BYTES);
    try {
      return KeyFactory.getInstance("XWING", CryptoProvider.conscrypt())
          .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }
}
