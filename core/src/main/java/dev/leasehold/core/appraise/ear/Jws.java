package dev.leasehold.core.appraise.ear;

import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A JWT signed by Ed25519, in the compact form (RFC 7515 §7.1, RFC 8037 §3.1, RFC 7519 §7.1). */
final class Jws {
  /** The media type of an EAT in a JWT, without its prefix (RFC 9782 §6.1, RFC 7515 §4.1.9). */
  private static final String TYPE = "eat+jwt";

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private Jws() {}

  static String sign(Json.Obj claims, Ed25519Signer key) {
    Json.Obj header =
        Json.Obj.EMPTY.with("alg", "EdDSA").with("typ", TYPE).with("kid", key.key().keyid().hex());
    String signed = part(header.write()) + "." + part(claims.write());
    byte[] signature =
        key.sign(signed.getBytes(StandardCharsets.US_ASCII)).getFirst().sig().toArray();
    return signed + "." + BASE64URL.encodeToString(signature);
  }

  private static String part(String json) {
    return BASE64URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
