package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Envelope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Bad input to each verb: a clear error, exit code 1 or 2, and nothing half-done on disk. */
class VerbsTest {
  private static final String NOWHERE = "https://127.0.0.1:1";
  private static final String PIN = "00".repeat(32);

  @TempDir private Path folder;
  private String err = "";

  @BeforeEach
  void keys() {
    assertThat(run("key", "new", "--out", at("a.key"))).isZero();
  }

  @Test
  void everyVerbExplainsItself() {
    explain(Verbs.commandLine());
  }

  private static void explain(CommandLine verb) {
    StringWriter out = new StringWriter();
    String name = verb.getCommandSpec().qualifiedName();
    assertThat(verb.setOut(new PrintWriter(out)).execute("--help")).as(name).isZero();
    assertThat(out.toString()).contains("Usage: " + name);
    assertThat(verb.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
    verb.getSubcommands().values().forEach(VerbsTest::explain);
  }

  @Test
  void measurementsOfATrustDomainComeFromItsEvidence() {
    assertRefused(
        "from-evidence",
        "draft",
        "measurements",
        "--tee",
        "TDX",
        "--measurement",
        "00".repeat(48),
        "--enclave-config",
        at("a.key.pub"),
        "--out",
        at("m.json"));
    assertThat(path("m.json")).doesNotExist();
  }

  @Test
  void privateKeysArePrivateAndNeverOverwritten() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("a.key"))))
        .isEqualTo("rw-------");
    byte[] before = Files.readAllBytes(path("a.key"));
    assertRefused("exists already", "key", "new", "--out", at("a.key"));
    assertThat(Files.readAllBytes(path("a.key"))).isEqualTo(before);
  }

  @Test
  void rosterIsDraftedApprovedAndCountersigned() throws Exception {
    assertThat(run("custodian", "init", "--dir", at("c"), "--approver", at("a.key.pub"))).isZero();
    assertThat(
            run(
                "draft",
                "roster",
                "--custodian-info",
                at("c/custodian-public.json"),
                "--approver",
                at("a.key.pub"),
                "--out",
                at("roster.draft.json")))
        .isZero();
    assertThat(approve("roster.draft.json", "roster.json")).isZero();
    Envelope one = LocalFiles.readEnvelope(path("roster.json"));
    assertThat(one.signatures()).hasSize(1);

    assertThat(run("key", "new", "--out", at("b.key"))).isZero();
    assertThat(
            run(
                "approve",
                "roster",
                at("roster.json"),
                "--key",
                at("b.key"),
                "--out",
                at("two.json")))
        .isZero();
    Envelope two = LocalFiles.readEnvelope(path("two.json"));
    assertThat(two.signatures()).hasSize(2);
    assertThat(two.hash()).isEqualTo(one.hash());

    String text = Files.readString(path("roster.draft.json"));
    Files.writeString(path("bad.json"), text.replace("\"version\": 1", "\"version\": 0"));
    assertRefused(
        "version",
        "approve",
        "roster",
        at("bad.json"),
        "--key",
        at("a.key"),
        "--out",
        at("x.json"));
    Files.writeString(path("bad.json"), text.replace("\"v\": 1,", "\"v\": 1, \"v\": 1,"));
    assertRefused(
        "bad.json",
        "approve",
        "roster",
        at("bad.json"),
        "--key",
        at("a.key"),
        "--out",
        at("x.json"));
    assertRefused(
        "another kind",
        "approve",
        "lease",
        at("roster.json"),
        "--key",
        at("a.key"),
        "--out",
        at("x.json"));
    assertThat(path("x.json")).doesNotExist();
    assertRefused(
        "custodian here", "custodian", "init", "--dir", at("c"), "--approver", at("a.key.pub"));
  }

  @Test
  void sealRefusesWhatIsNoModelAndLeavesNothing() throws Exception {
    assertThat(run("custodian", "init", "--dir", at("c"), "--approver", at("a.key.pub"))).isZero();
    Files.writeString(path("x.gguf"), "not a model");
    Files.writeString(path("x.txt"), "not a model");
    assertRefused("GGUF", seal("x.gguf"));
    assertRefused(".gguf or .onnx", seal("x.txt"));
    assertRefused("No model file", seal("absent.gguf"));
    assertThat(path("sealed")).doesNotExist();
    assertThat(path("sealed.dek")).doesNotExist();
  }

  @Test
  void wrongFilesAreNamed() throws Exception {
    Files.writeString(path("json.pub"), "{\"keyid\":1}");
    assertRefused("No file", "key", "show", at("absent.pub"));
    assertRefused("not a public key", "key", "show", at("json.pub"));
    assertRefused(
        "not a private key",
        "approve",
        "roster",
        at("json.pub"),
        "--key",
        at("a.key.pub"),
        "--out",
        at("x"));
    assertRefused("No custodian in", "custodian", "run", "--dir", at("nowhere"));
    assertRefused(
        "not an enclave program",
        "enclave",
        "run",
        "--program",
        at("."),
        "--relay",
        "http://127.0.0.1:1",
        "--tsm",
        at("entry"));
    assertRefused(
        "cannot attest",
        "enclave",
        "run",
        "--program",
        at("."),
        "--relay",
        "http://127.0.0.1:1",
        "--tsm",
        at("no/entry"));
  }

  @Test
  void anUnreachableCustodianAndABadPinAreNamed() throws Exception {
    String lease = "00".repeat(16);
    assertRefused(
        "No custodian answers",
        "revoke",
        lease,
        "--key",
        at("a.key"),
        "--custodian",
        NOWHERE,
        "--pin",
        PIN);
    assertRefused(
        "64 lowercase hex digits",
        "revoke",
        lease,
        "--key",
        at("a.key"),
        "--custodian",
        NOWHERE,
        "--pin",
        "xyz");
    assertRefused(
        "This order cannot be",
        "revoke",
        "short",
        "--key",
        at("a.key"),
        "--custodian",
        NOWHERE,
        "--pin",
        PIN);
    assertThat(run("custodian", "run", "--dir", at("."), "--listen", "nonsense")).isEqualTo(2);
    assertThat(err).contains("expected host:port");
  }

  private String[] seal(String model) {
    return new String[] {
      "seal",
      at(model),
      "--out",
      at("sealed"),
      "--key",
      at("a.key"),
      "--custodian-info",
      at("c/custodian-public.json"),
      "--custodian",
      NOWHERE,
      "--pin",
      PIN
    };
  }

  private int approve(String draft, String out) {
    return run("approve", "roster", at(draft), "--key", at("a.key"), "--out", at(out));
  }

  private void assertRefused(String names, String... args) {
    assertThat(run(args)).as(String.join(" ", args)).isEqualTo(1);
    assertThat(err).startsWith("leasehold: ").contains(names);
  }

  private int run(String... args) {
    StringWriter heard = new StringWriter();
    int code = Verbs.commandLine().setErr(new PrintWriter(heard)).execute(args);
    err = heard.toString();
    return code;
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private String at(String name) {
    return path(name).toString();
  }
}
