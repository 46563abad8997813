package dev.leasehold.core.hpke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.core.testing.Shared;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;
import org.junit.jupiter.api.Test;

/** The working group's published vector for X-Wing; it exists for ChaCha20-Poly1305 only. */
class HpkeVectorTest {
  private static final String SUITE = "XWING/HKDF_SHA256/CHACHA20POLY1305";

  @Test
  void senderAndRecipientAgreeWithAllMessagesAndExports() throws Exception {
    Json.Obj vector = vector();
    HpkePublicKey publicKey = HpkePublicKey.parse("pkRm", Bytes.of(hex(vector, "pkRm")));
    try (HpkeKeyPair pair =
        HpkeKeyPair.restore(publicKey, SecretBytes.taking(hex(vector, "skRm")))) {
      byte[] info = hex(vector, "info");
      assertThat(info).hasSize(40);

      HpkeContextSender sender = Hpke.sender(SUITE);
      sender.initForTesting(publicKey.jdk(), info, hex(vector, "ikmE"));
      assertThat(sender.getEncapsulated()).isEqualTo(hex(vector, "enc"));
      HpkeContextRecipient recipient = Hpke.recipient(SUITE);
      recipient.init(hex(vector, "enc"), pair.jdk(), info);

      List<Json> messages = list(vector, "encryptions");
      assertThat(messages).hasSize(10);
      for (Json m : messages) {
        Json.Obj message = (Json.Obj) m;
        assertThat(sender.seal(hex(message, "pt"), hex(message, "aad")))
            .isEqualTo(hex(message, "ct"));
        assertThat(recipient.open(hex(message, "ct"), hex(message, "aad")))
            .isEqualTo(hex(message, "pt"));
      }
      List<Json> exports = list(vector, "exports");
      assertThat(exports).hasSize(5);
      for (Json e : exports) {
        Json.Obj export = (Json.Obj) e;
        byte[] context = hex(export, "exporter_context");
        assertThat(sender.export(32, context)).isEqualTo(hex(export, "exported_value"));
        assertThat(recipient.export(32, context)).isEqualTo(hex(export, "exported_value"));
      }
    }
  }

  private static Json.Obj vector() throws Exception {
    byte[] file = Shared.read("vectors/hpke/xwing.json");
    String array = new String(file, StandardCharsets.UTF_8).strip();
    assertThat(array).startsWith("[").endsWith("]");
    byte[] only = array.substring(1, array.length() - 1).getBytes(StandardCharsets.UTF_8);
    return ApiJson.parse("vector", only, only.length);
  }

  private static byte[] hex(Json.Obj object, String name) throws Malformed {
    return Hex.decode(name, ((Json.Str) object.get(name).orElseThrow()).value());
  }

  private static List<Json> list(Json.Obj object, String name) {
    return ((Json.Arr) object.get(name).orElseThrow()).items();
  }
}
