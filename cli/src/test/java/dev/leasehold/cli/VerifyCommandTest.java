package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input that {@code leasehold verify} cannot use: exit code 2, the reason, nothing on stdout. */
class VerifyCommandTest {
  private static final Vectors SNP = new Vectors("snp");
  private static final String AT = "2026-03-01T00:00:00Z";

  @TempDir private Path folder;

  @Test
  void optionsAreHeldToWhatTheyMean() {
    unusable("--kind", List.of("verify"));
    unusable("expected one of ", genoa("--kind", "sev"));
    unusable("an instant such as", genoa("--at", "yesterday"));
    unusable("hex digits", genoa("--nonce", "0x12"));
    unusable("hex digits", genoa("--nonce", "123"));
    unusable("hex digits", genoa("--nonce", ""));
    unusable("all 64 bytes, 128 hex digits", genoa("--report-data", "00"));
    unusable("Unknown option", genoa("--trust-root", "x.pem"));
    unusable("Unmatched argument", genoa("more"));
  }

  @Test
  void whatTheKindLacksCannotBeExpectedOfIt() {
    unusable("use --report-data", genoa("--nonce", "0123"));
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws Exception {
    unusable("No file", genoa("--collateral", at("absent.pem")));
    unusable("No file", genoa("--certs", at("absent.pem")));
    unusable("No collateral in", genoa("--collateral", folder.toString()));
    Files.writeString(folder.resolve("notes.txt"), "not collateral");
    unusable("notes.txt", genoa("--collateral", folder.toString()));
    Files.writeString(folder.resolve("empty"), "");
    unusable("empty", genoa("--certs", at("empty")));
    Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    unusable("at most 1 MiB", List.of("verify", "--kind", "snp", "--evidence", at("large")));
  }

  @Test
  void oneByteMoreOrLessIsNoReport() throws Exception {
    byte[] report = Files.readAllBytes(Path.of(SNP.at("genoa-v3.report")));
    for (int length : new int[] {0, report.length - 1, report.length + 1}) {
      Files.write(folder.resolve("cut"), Arrays.copyOf(report, length));
      Ran ran = Ran.verb("verify", "--kind", "snp", "--evidence", at("cut"), "--json");
      assertThat(ran.code()).isEqualTo(1);
      VerdictShape.check(ran.json());
      assertThat(VerdictShape.refused(ran.json())).containsExactly("format");
      assertThat(ran.out()).contains("1184 bytes").contains("\"got\":\"" + length + " bytes");
    }
  }

  @Test
  void collateralMayBeAFolder() throws Exception {
    Files.copy(Path.of(SNP.at("genoa.ask-ark.pem")), folder.resolve("issuers.pem"));
    Files.copy(Path.of(SNP.at("genoa-v3.vcek.pem")), folder.resolve("chip.pem"));
    Files.createDirectory(folder.resolve("inner"));
    Ran ran =
        Ran.verb(
            "verify",
            "--kind",
            "snp",
            "--evidence",
            SNP.at("genoa-v3.report"),
            "--collateral",
            folder.toString(),
            "--at",
            AT);
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  @Test
  void reportDataIsCompared() throws Exception {
    Ran same = Ran.verb(genoa("--json", "--report-data", "00".repeat(64)));
    assertThat(same.code()).isZero();
    Ran other = Ran.verb(genoa("--json", "--report-data", "AB" + "00".repeat(63)));
    assertThat(other.code()).isEqualTo(1);
    assertThat(VerdictShape.refused(other.json())).containsExactly("report-data");
  }

  @Test
  void withoutAnInstantItIsNow() throws Exception {
    List<String> args = new ArrayList<>(genoa("--json"));
    args.removeAll(List.of("--at", AT));
    Ran ran = Ran.verb(args);
    boolean inside = Instant.now().isBefore(Instant.parse("2033-02-05T02:05:07Z"));
    assertThat(ran.code()).isEqualTo(inside ? 0 : 1);
  }

  @Test
  void textOfOthersCannotMoveTheCursor() {
    assertThat(Printable.safe("a\u001b[2Jb\u202ec\u009b\nd")).isEqualTo("a?[2Jb?c?\nd");
  }

  private static List<String> genoa(String... more) {
    List<String> args = Vectors.genoa();
    for (int i = 0; i < more.length; i++) {
      int given = args.indexOf(more[i]);
      if (given >= 0 && List.of("--kind", "--at").contains(more[i])) {
        args.set(given + 1, more[++i]);
      } else {
        args.add(more[i]);
      }
    }
    return args;
  }

  private void unusable(String names, List<String> args) {
    Ran ran = Ran.verb(args);
    assertThat(ran.code()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err()).contains(names);
    assertThat(ran.out()).isEmpty();
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }
}
