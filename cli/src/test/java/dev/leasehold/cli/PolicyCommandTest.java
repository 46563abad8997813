package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies: written from evidence, explained, signed, used, and read strictly. */
class PolicyCommandTest {
  private static final Vectors SNP = new Vectors("snp");
  private static final String AT = "2026-03-01T00:00:00Z";

  @TempDir private Path folder;

  @Test
  void aFirstPolicyIsExplainedSignedAndHeldToWhatItSays() throws Exception {
    Ran written = write("genoa", "policy.json");
    assertThat(written.code()).as(written.err()).isZero();
    assertThat(written.out()).contains("Written to ").doesNotContain("Beware");
    Ran explained = Ran.verb("policy", "explain", at("policy.json"));
    assertThat(explained.code()).isZero();
    assertThat(written.out()).contains(explained.out());
    assertThat(explained.out())
        .contains(
            "Accepts one program, and no other",
            "a confidential VM of AMD (SEV-SNP)",
            "5feee30d6d7e1a29f403d70a4198237ddfb13051a2d6976439487c609388ed7f98189887920ab2fa0096903a0c23fca1",
            "never for a lease",
            "no older than boot loader 10, TEE 0, SNP 23, microcode 84, FMC 0",
            "against BadRAM",
            "at most 7 days old",
            "not signed: a draft");

    assertThat(Ran.verb("key", "new", "--out", at("a.key")).code()).isZero();
    Ran signed =
        Ran.verb(
            "approve",
            "measurements",
            at("policy.json"),
            "--key",
            at("a.key"),
            "--out",
            at("signed.json"));
    assertThat(signed.code()).as(signed.err()).isZero();
    assertThat(Ran.verb("policy", "explain", at("signed.json")).out())
        .contains("carries signatures by these keys");
    // Nobody but AMD can sign a revocation list, and none was collected with the vectors.
    for (String policy : List.of("policy.json", "signed.json")) {
      assertThat(refused("genoa", policy)).containsExactly("crl");
      assertThat(refused("turin", policy))
          .containsExactly("crl", "family", "tcb", "measurement", "host-data");
    }
  }

  @Test
  void evidenceOfAWorsePlatformIsFollowedWithAWarning() throws Exception {
    Ran written = write("milan", "policy.json");
    assertThat(written.code()).as(written.err()).isZero();
    assertThat(written.out()).contains("Beware", "family: expected one of [genoa, turin]");
    assertThat(refused("milan", "policy.json")).containsExactly("crl");
  }

  @Test
  void noPolicyIsWrittenFromWhatNoneMayAccept() {
    refusesToWrite("debug", "milan-v2-debug.report", "milan-v2-debug.vcek.der");
    refusesToWrite("not shown to be genuine", "milan-v2.report", "tampered-vcek-new.der");
  }

  @Test
  void aConfigurationIsNamedByItsFile() throws Exception {
    Files.writeString(folder.resolve("enclave-config.json"), "{}");
    List<String> args = args("genoa", "policy.json");
    args.addAll(List.of("--enclave-config", at("enclave-config.json"), "--program", "vm/1"));
    assertThat(Ran.verb(args).out())
        .contains(
            "\"vm/1\" in ",
            "its configuration file must have the SHA-256\n"
                + "      44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  }

  @Test
  void everyAbsentFieldIsNamed() throws Exception {
    write("genoa", "policy.json");
    Json.Obj whole = LocalFiles.readJson(folder.resolve("policy.json"));
    for (String name : whole.members().keySet()) {
      unusable("measurements." + name, without(whole, name));
    }
    Json.Obj policy = (Json.Obj) whole.get("policy").orElseThrow();
    for (String name : policy.members().keySet()) {
      unusable("measurements.policy." + name, whole.with("policy", without(policy, name)));
    }
    Json.Obj entry = (Json.Obj) Vectors.Case.items(whole, "entries").getFirst();
    for (String name : entry.members().keySet()) {
      unusable(
          "measurements.entries[0]." + name,
          whole.with("entries", Json.Arr.of(List.of(without(entry, name)))));
    }
  }

  @Test
  void unknownKeysAndWrongTypesAreNamed() throws Exception {
    write("genoa", "policy.json");
    Json.Obj whole = LocalFiles.readJson(folder.resolve("policy.json"));
    Json.Obj policy = (Json.Obj) whole.get("policy").orElseThrow();
    unusable("measurements.allowDebug", whole.with("allowDebug", new Json.Bool(true)));
    unusable("policy.vmpl", whole.with("policy", policy.with("vmpl", 1)));
    unusable("policy.aliasCheck", whole.with("policy", policy.with("aliasCheck", 1)));
    unusable("policy.families", whole.with("policy", policy.with("families", "genoa")));
    unusable("minTcb", whole.with("policy", policy.with("families", Json.Arr.of(List.of()))));
    unusable("measurements.v", whole.with("v", 2));
    unusable("envelope.payload", Json.Obj.EMPTY.with("payloadType", "x"));
    unusable(
        "vnd.leasehold.measurements",
        Json.Obj.EMPTY
            .with("payloadType", "application/vnd.leasehold.lease.v1+json")
            .with("payload", "e30=")
            .with("signatures", Json.Arr.of(List.of())));
    Files.writeString(folder.resolve("edited.json"), "{\"v\":1,\"v\":1}");
    unusable("edited.json");
  }

  private void unusable(String names, Json.Obj edited) throws Exception {
    Files.writeString(folder.resolve("edited.json"), edited.write());
    unusable(names);
  }

  private void unusable(String names) {
    for (List<String> args :
        List.of(List.of("policy", "explain", at("edited.json")), verify("genoa", "edited.json"))) {
      Ran ran = Ran.verb(args);
      assertThat(ran.code()).as(names).isEqualTo(2);
      assertThat(ran.err()).contains(names);
      assertThat(ran.out()).isEmpty();
    }
  }

  private void refusesToWrite(String names, String report, String certs) {
    Ran ran =
        Ran.verb(
            "policy",
            "from-evidence",
            "--kind",
            "snp",
            "--evidence",
            SNP.at(report),
            "--certs",
            SNP.at(certs),
            "--collateral",
            SNP.at("milan.ask-ark.pem"),
            "--at",
            "2026-01-01T00:00:00Z",
            "--out",
            at("none.json"));
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).startsWith("REFUSED").contains(names);
    assertThat(ran.out()).isEmpty();
    assertThat(folder.resolve("none.json")).doesNotExist();
  }

  private List<String> refused(String family, String policy) throws Exception {
    Ran ran = Ran.verb(verify(family, policy));
    assertThat(ran.code()).isEqualTo(1);
    return VerdictShape.refused(ran.json());
  }

  private List<String> verify(String family, String policy) {
    List<String> args = new ArrayList<>(List.of("verify", "--json", "--policy", at(policy)));
    args.addAll(evidence(family));
    return args;
  }

  private Ran write(String family, String out) {
    return Ran.verb(args(family, out));
  }

  private List<String> args(String family, String out) {
    List<String> args = new ArrayList<>(List.of("policy", "from-evidence", "--out", at(out)));
    args.addAll(evidence(family));
    return args;
  }

  private static List<String> evidence(String family) {
    String version = family.equals("turin") ? "v5" : "v3";
    return List.of(
        "--kind",
        "snp",
        "--evidence",
        SNP.at(family + "-" + version + ".report"),
        "--certs",
        SNP.at(family + "-" + version + ".vcek.pem"),
        "--collateral",
        SNP.at(family + ".ask-ark.pem"),
        "--at",
        AT);
  }

  private static Json.Obj without(Json.Obj from, String name) {
    Map<String, Json> members = new LinkedHashMap<>(from.members());
    members.remove(name);
    return new Json.Obj(members);
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }
}
