package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.tpm.TpmPublic;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the paravisor says: the TPM's keys, the settings of the VM, and data the guest asked it to
 * bind.
 *
 * @param attestationKey the key named HCLAkPub
 * @param userData what the guest wrote to NV index 0x01400002; empty where there is none
 * @param secureBoot as {@code vm-configuration} tells it; absent where it does not
 */
public record RuntimeData(
    PublicKey attestationKey,
    HexBytes userData,
    Optional<Boolean> secureBoot,
    Optional<Boolean> console,
    Optional<String> vmId) {
  private static final String FORMAT = "HCL runtime data";
  private static final int MAX_BYTES = HclReport.BYTES;
  private static final String ATTESTATION_KEY = "HCLAkPub";
  private static final Json F4 = new Json.Str("AQAB");

  static RuntimeData parse(byte[] json) throws Malformed {
    Json.Obj root = ApiJson.parse(FORMAT, json, MAX_BYTES);
    Json.Obj vm =
        root.get("vm-configuration").orElse(Json.Obj.EMPTY) instanceof Json.Obj o
            ? o
            : Json.Obj.EMPTY;
    return new RuntimeData(
        attestationKey(root),
        userData(root),
        flag(vm, "secure-boot"),
        flag(vm, "console-enabled"),
        text(vm, "vmUniqueId"));
  }

  private static PublicKey attestationKey(Json.Obj root) throws Malformed {
    List<Json> keys =
        root.get("keys").orElse(Json.Null.NULL) instanceof Json.Arr a ? a.items() : List.of();
    List<Json.Obj> named =
        keys.stream()
            .filter(Json.Obj.class::isInstance)
            .map(Json.Obj.class::cast)
            .filter(k -> text(k, "kid").equals(Optional.of(ATTESTATION_KEY)))
            .toList();
    if (named.size() != 1) {
      throw new Malformed(
          FORMAT + ".keys", "one key named " + ATTESTATION_KEY, named.size() + " of them");
    }
    return rsa(named.getFirst());
  }

  /** An RSA key that signs (RFC 7517, RFC 7518 §6.3). */
  private static PublicKey rsa(Json.Obj jwk) throws Malformed {
    boolean rsa = text(jwk, "kty").equals(Optional.of("RSA"));
    boolean f4 = jwk.get("e").equals(Optional.of(F4));
    boolean signs =
        jwk.get("key_ops").orElse(Json.Null.NULL) instanceof Json.Arr(List<Json> ops)
            && ops.equals(List.of(new Json.Str("sign")));
    if (!rsa || !f4 || !signs) {
      throw new Malformed(
          FORMAT + "." + ATTESTATION_KEY, "an RSA key with e AQAB for signing only", jwk.write());
    }
    String field = FORMAT + "." + ATTESTATION_KEY + ".n";
    return TpmPublic.rsa(field, AzureJson.base64Url(field, text(jwk, "n").orElse("")));
  }

  private static HexBytes userData(Json.Obj root) throws Malformed {
    String hex = text(root, "user-data").orElse("").toLowerCase(Locale.ROOT);
    try {
      return new HexBytes(hex);
    } catch (IllegalArgumentException e) {
      throw new Malformed(FORMAT + ".user-data", "hex", hex);
    }
  }

  private static Optional<String> text(Json.Obj o, String name) {
    return o.get(name).orElse(Json.Null.NULL) instanceof Json.Str(String s)
        ? Optional.of(s)
        : Optional.empty();
  }

  private static Optional<Boolean> flag(Json.Obj o, String name) {
    return o.get(name).orElse(Json.Null.NULL) instanceof Json.Bool(boolean b)
        ? Optional.of(b)
        : Optional.empty();
  }
}
