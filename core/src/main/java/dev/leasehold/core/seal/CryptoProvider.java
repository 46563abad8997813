package dev.leasehold.core.seal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import org.conscrypt.Conscrypt;

/**
 * Conscrypt, named explicitly wherever it is used and never installed globally: which code runs
 * must not depend on the order of the JVM's provider list.
 */
public final class CryptoProvider {
  private static final Provider CONSCRYPT = Conscrypt.newProvider();

  private CryptoProvider() {}

  public static Provider conscrypt() {
    return CONSCRYPT;
  }

  /** SHA-256 that reads direct buffers in place; the JDK's copies them through the heap. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256", CONSCRYPT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
