package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code leasehold verify --ear}: one JWT that anybody can verify, whatever the verdict. */
class VerifyEarTest {
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final Vectors SNP = new Vectors("snp");

  @TempDir private Path folder;

  @BeforeEach
  void key() {
    assertThat(Ran.verb("key", "new", "--out", at("ear.key")).code()).isZero();
  }

  @Test
  void acceptedEvidenceIsAffirmed() throws Exception {
    Ran ran = Ran.verb(genoa("--ear", at("ear.key")));
    assertThat(ran.code()).as(ran.err()).isZero();
    Json.Obj claims = opened(ran.out());
    assertThat(claims.members().keySet())
        .containsExactly("eat_profile", "iat", "exp", "ear_verifier_id", "ear_status", "submods");
    assertThat(claims.write())
        .contains(
            "\"iat\":1772323200",
            "\"exp\":1991181907",
            "\"ear_status\":\"affirming\"",
            "{\"configuration\":3,\"hardware\":2,\"runtime-opaque\":2}",
            "leasehold:policy/strict/1");
    assertThat(Ran.verb(genoa("--ear", at("ear.key"))).out()).isEqualTo(ran.out());
  }

  @Test
  void refusedEvidenceIsContraindicatedForWhatItLacks() throws Exception {
    Map<String, String> vectors =
        Map.of(
            "00".repeat(64), "{\"configuration\":3,\"hardware\":2,\"runtime-opaque\":2}",
            "01".repeat(64),
                "{\"instance-identity\":99,\"configuration\":3,\"hardware\":2,\"runtime-opaque\":2}");
    for (Map.Entry<String, String> v : vectors.entrySet()) {
      Ran ran = Ran.verb(genoa("--ear", at("ear.key"), "--report-data", v.getKey()));
      boolean same = v.getKey().startsWith("00");
      assertThat(ran.code()).isEqualTo(same ? 0 : 1);
      assertThat(opened(ran.out()).write())
          .contains(v.getValue(), same ? "affirming" : "contraindicated");
    }
    List<String> args = genoa("--ear", at("ear.key"));
    args.set(args.indexOf(SNP.at("genoa-v3.vcek.pem")), SNP.at("milan-v3.vcek.pem"));
    Ran ran = Ran.verb(args);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(opened(ran.out()).write())
        .contains("{\"hardware\":99}", "\"ear_status\":\"contraindicated\"")
        .doesNotContain("\"exp\"");
  }

  @Test
  void oneFormOfOutputAtATimeAndWithAKeyThatIsOne() {
    Ran both = Ran.verb(genoa("--json", "--ear", at("ear.key")));
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.out()).isEmpty();
    Ran wrong = Ran.verb(genoa("--ear", at("ear.key.pub")));
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("is not a private key");
    assertThat(wrong.out()).isEmpty();
  }

  private Json.Obj opened(String line) throws Exception {
    assertThat(line).endsWith("\n");
    String[] parts = line.strip().split("\\.", -1);
    assertThat(parts).hasSize(3);
    KeyRecord key = LocalFiles.readPublicKey(folder.resolve("ear.key.pub"));
    byte[] raw = key.ed25519().toArray();
    byte[] x509 = new byte[X509.length + raw.length];
    System.arraycopy(X509, 0, x509, 0, X509.length);
    System.arraycopy(raw, 0, x509, X509.length, raw.length);
    Signature s = Signature.getInstance("Ed25519", "SunEC");
    s.initVerify(
        KeyFactory.getInstance("Ed25519", "SunEC").generatePublic(new X509EncodedKeySpec(x509)));
    s.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(s.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.US_ASCII))
        .contains("\"typ\":\"eat+jwt\"", "\"kid\":\"" + key.keyid() + "\"");
    return ApiJson.parse("claims", Base64.getUrlDecoder().decode(parts[1]), 1 << 16);
  }

  private static List<String> genoa(String... more) {
    List<String> args = Vectors.genoa();
    args.addAll(List.of(more));
    return args;
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }
}
