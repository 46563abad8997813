package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Malformed;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads public keys as certificates carry them: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
public final class PublicKeys {
  private static final String RSA = "1.2.840.113549.1.1.1";
  private static final String EC = "1.2.840.10045.2.1";

  private PublicKeys() {}

  /** Every key of a PEM text, in order; text outside the armour is ignored. */
  public static List<PublicKey> parsePem(String field, String pem) throws Malformed {
    List<PublicKey> out = new ArrayList<>();
    for (byte[] der : Pem.PUBLIC_KEY.decodeAll(field, pem)) {
      out.add(parse(field, der));
    }
    return List.copyOf(out);
  }

  /** An RSA or elliptic-curve key in exactly these bytes. */
  public static PublicKey parse(String field, byte[] der) throws Malformed {
    String oid = new DerReader(field, der).sequence("info").sequence("algorithm").oid("algorithm");
    String algorithm =
        switch (oid) {
          case RSA -> "RSA";
          case EC -> "EC";
          default -> throw new Malformed(field, "an RSA or elliptic-curve key", oid);
        };
    try {
      String provider = oid.equals(RSA) ? "SunRsaSign" : "SunEC";
      PublicKey key =
          KeyFactory.getInstance(algorithm, provider).generatePublic(new X509EncodedKeySpec(der));
      if (Arrays.equals(key.getEncoded(), der)) {
        return key;
      }
      throw new Malformed(field, "a key in its one DER form", "another form");
    } catch (GeneralSecurityException e) {
      throw new Malformed(field, "an RSA or elliptic-curve key", String.valueOf(e.getMessage()));
    }
  }
}
