package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.custodian.TestPostgres;
import dev.leasehold.custodian.store.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a custodian's ledger is, as its owner says so: what is wrong is said in words. */
@Timeout(180)
class CustodianDatabaseTest {
  private static final String SECRET = "correct horse";
  private static final String AWAY = "postgresql://lender@127.0.0.1:1/ledger";

  @TempDir private Path folder;

  @BeforeEach
  void key() {
    assertThat(Ran.verb("key", "new", "--out", at("a.key")).code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://lender:hunter2@127.0.0.1/ledger",
        "postgresql://lender@127.0.0.1/ledger?password=hunter2",
        "postgresql://127.0.0.1/ledger",
        "postgresql://lender@127.0.0.1",
        "jdbc:postgresql://lender@127.0.0.1/ledger",
        "mysql://lender@127.0.0.1/ledger",
        "ledger.db"
      })
  void aUrlOfAnotherFormIsRefusedAndNoPasswordIsRepeated(String url) {
    Ran ran = init("c", "--database", url);
    assertSays(ran, "Cannot use --database", "postgresql://user@host:port/database", "remedy");
    assertThat(ran.err()).doesNotContain("hunter2");
    assertThat(folder.resolve("c")).as("nothing half-done").doesNotExist();
  }

  @Test
  void aPasswordThatOthersCanReadIsNotUsed() throws Exception {
    Path file = password("rw-r--r--", SECRET);
    Ran open = init("c", "--database", AWAY, "--database-password-file", file.toString());
    assertSays(open, file.toString(), "expected mode rw-------, found rw-r--r--");
    assertThat(open.err()).doesNotContain(SECRET);
    Files.delete(file);
    assertSays(
        init("c", "--database", AWAY, "--database-password-file", file.toString()),
        "--database-password-file",
        "no file " + file,
        DatabaseOptions.PASSWORD);
    assertThat(folder.resolve("c")).doesNotExist();
  }

  @Test
  void aServerThatIsAwayIsNamed() {
    assertSays(init("c", "--database", AWAY), AWAY + ": cannot be used", "127.0.0.1:1 refused");
    assertThat(folder.resolve("c")).doesNotExist();
  }

  @Test
  void aLedgerOnARealServerFromInitToItsViews() throws Exception {
    PostgresServer server =
        TestPostgres.shared().lockedBy("lender", SECRET, TestPostgres.shared().database());
    String url = server.toString();
    String password = password("rw-------", SECRET + "\n").toString();
    String wrong = password("rw-------", "wrong").toString();
    assertSays(
        init("c", "--database", url, "--database-password-file", wrong),
        "password authentication failed for user \"lender\"");
    assertSays(
        init("c", "--database", url + "_none", "--database-password-file", password),
        "_none\" does not exist");
    assertThat(folder.resolve("c")).doesNotExist();

    Ran made = init("c", "--database", url, "--database-password-file", password);
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(folder.resolve("c/custodian.db")).as("the ledger is elsewhere").doesNotExist();
    assertSays(
        init("d", "--database", url, "--database-password-file", password),
        url + ": expected no custodian here, found one");
    assertSays(Ran.verb("custodian", "run", "--dir", at("c")), "custodian.db", "run init first");
    assertSays(
        custodian("run", "--anchor", at("none"), "--database", url, password),
        at("none"),
        "expected the anchor of this ledger");
    assertThat(custodian("token", "--out", at("token"), "--database", url, password).code())
        .isZero();

    Files.move(folder.resolve("c/anchor"), folder.resolve("anchor"));
    serveAndLook(Map.of("LEASEHOLD_DATABASE", url, DatabaseOptions.PASSWORD, SECRET));
  }

  private void serveAndLook(Map<String, String> environment) throws Exception {
    try (VerbProcess running =
        VerbProcess.start(
            environment,
            "custodian",
            "run",
            "--dir",
            at("c"),
            "--anchor",
            at("anchor"),
            "--listen",
            "127.0.0.1:0",
            "--offline")) {
      String pin = running.await("certificate").replaceAll(".* ", "");
      String uri = running.await("listening on").replaceAll(".* ", "");
      Ran shown = Ran.verb("show", "--custodian", uri, "--pin", pin, "--token", at("token"));
      assertThat(shown.code()).as(shown.err()).isZero();
      running.interrupt(0);
    }
  }

  private Ran init(String dir, String... more) {
    List<String> verb =
        new ArrayList<>(
            List.of("custodian", "init", "--dir", at(dir), "--approver", at("a.key.pub")));
    verb.addAll(List.of(more));
    return Ran.verb(verb);
  }

  /** A verb over the custodian that was made; the last word is where its password is. */
  private Ran custodian(String verb, String... more) {
    List<String> all = new ArrayList<>(List.of("custodian", verb, "--dir", at("c")));
    all.addAll(List.of(more));
    all.add(all.size() - 1, "--database-password-file");
    return Ran.verb(all);
  }

  /** Words for its owner, not the inside of the program. */
  private static void assertSays(Ran ran, String... words) {
    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(1);
    assertThat(ran.err()).startsWith("leasehold: ").contains(words).doesNotContain("\tat ");
  }

  private Path password(String mode, String text) throws Exception {
    Path file = Files.createTempFile(folder, "password", "");
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }
}
