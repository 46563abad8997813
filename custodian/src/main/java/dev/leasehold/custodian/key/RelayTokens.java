package dev.leasehold.custodian.key;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token that goes with an instance: hex(HMAC-SHA256(secret, instanceId)). It limits load and
 * nothing else (protocol §7.1).
 */
public final class RelayTokens {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;

  public RelayTokens(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  public Hash tokenOf(Id instance) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return Hash.of(mac.doFinal(instance.bytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compares in a time that does not depend on where they differ. */
  public boolean matches(Id instance, String token) {
    return MessageDigest.isEqual(
        tokenOf(instance).hex().getBytes(StandardCharsets.UTF_8),
        token.getBytes(StandardCharsets.UTF_8));
  }
}
