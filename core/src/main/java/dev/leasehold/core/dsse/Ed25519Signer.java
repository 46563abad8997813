package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** A private Ed25519 key in memory. Ed25519 is deterministic: its signatures carry no message. */
public final class Ed25519Signer implements Signer {
  private static final int SEED_BYTES = 32;

  private final PrivateKey key;
  private final KeyRecord record;

  private Ed25519Signer(KeyPair pair) {
    try {
      this.key = Ed25519.privateKey(pair.getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    byte[] x509 = pair.getPublic().getEncoded();
    this.record =
        KeyRecord.ed25519(Bytes.of(Arrays.copyOfRange(x509, x509.length - 32, x509.length)));
  }

  public static Ed25519Signer generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, random);
      return new Ed25519Signer(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key of RFC 8032 with this secret of 32 bytes. */
  public static Ed25519Signer fromSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("seed: expected 32 bytes, found " + seed.length);
    }
    return generate(new SeedAsRandom(seed));
  }

  /** Reads the PKCS#8 form that {@link #pkcs8} writes. */
  public static Ed25519Signer fromPkcs8(byte[] encoded) throws Malformed {
    try {
      PrivateKey key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      byte[] seed =
          ((EdECPrivateKey) key)
              .getBytes()
              .orElseThrow(() -> new Malformed("private key", "an Ed25519 seed", "none"));
      return fromSeed(seed);
    } catch (GeneralSecurityException e) {
      throw new Malformed(
          "private key", "PKCS#8 of an Ed25519 key", String.valueOf(e.getMessage()));
    }
  }

  public byte[] pkcs8() {
    return key.getEncoded();
  }

  @Override
  public KeyRecord key() {
    return record;
  }

  @Override
  public List<SignatureEntry> sign(byte[] message) {
    try {
      return List.of(
          new SignatureEntry(record.keyid().hex(), Bytes.of(Ed25519.sign(key, message))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The JDK derives a public key only while generating a pair, and reads the seed from the random
   * source it is given: this source is the seed.
   */
  private static final class SeedAsRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    SeedAsRandom(byte[] seed) {
      super(null, null);
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
