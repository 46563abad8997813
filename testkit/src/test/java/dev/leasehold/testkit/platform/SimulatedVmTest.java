package dev.leasehold.testkit.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.snp.CertTable;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.testkit.snp.Flaw;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.snp.SnpForger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SimulatedVmTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  /** Asks for one report over 64 times 'A', stores what came and the generation, then waits. */
  private static final String GUEST =
      """
      tsm=$1; out=$2
      while [ ! -e "$out/go" ]; do sleep 0.02; done
      printf '%064d' 0 | tr 0 A >"$tsm/inblob"
      cat "$tsm/outblob" >"$out/report"
      cat "$tsm/auxblob" >"$out/certs"
      cat "$tsm/generation" >"$out/generation"
      touch "$out/done"
      sleep 60
      """;

  private final SimulatedAmd amd = SimulatedAmd.shared();
  private final SimulatedChip chip = SimulatedChip.create(amd);

  @TempDir private Path home;
  private Path program;
  private Path results;
  private SimulatedVm vm;

  @BeforeEach
  void powerOn() throws IOException {
    program = Files.createDirectories(home.resolve("program"));
    results = Files.createDirectories(home.resolve("results"));
    Files.writeString(program.resolve("guest.sh"), GUEST);
    vm = new SimulatedVm(chip, program, home.resolve("tsm/entry0"));
  }

  @AfterEach
  void powerOff() throws IOException {
    vm.close();
  }

  @Test
  void servesItsProgramAReportOfItsMeasurement() throws IOException, Malformed {
    start();
    go();
    byte[] aaa = new byte[64];
    Arrays.fill(aaa, (byte) 'A');
    EnvironmentClaims claims = verified(read("report"), read("certs"));
    assertThat(claims.reportData()).isEqualTo(HexBytes.of(aaa));
    assertThat(claims.measurement())
        .isEqualTo(LaunchMeasurement.of(program))
        .isEqualTo(vm.measurement());
    assertThat(claims.platformId()).isEqualTo(chip.platformId());
    assertThat(results.resolve("generation")).content().isEqualTo("1\n");
    assertThat(vm.tsmEntry().resolve("provider")).content().isEqualTo("sev_guest\n");
  }

  @Test
  void answersEveryRequestWithItsOwnReport() throws IOException, Malformed {
    for (int i = 1; i <= 30; i++) {
      request(i);
      assertThat(SnpReport.parse(read()).reportData()).isEqualTo(data(i));
      assertThat(CertTable.parse(readAux()).certificates()).isEqualTo(chip.certificates());
      assertThat(generation()).isEqualTo(i);
    }
  }

  @Test
  void theNewestRequestCountsWhenEarlierOnesWereAbandoned() throws IOException, Malformed {
    request(1);
    request(2);
    request(3);
    assertThat(SnpReport.parse(read()).reportData()).isEqualTo(data(3));
    assertThat(SnpReport.parse(read()).reportData()).isEqualTo(data(3));
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void aReaderThatLeavesEarlyDisturbsNobody() throws IOException, Malformed {
    for (int i = 1; i <= 10; i++) {
      request(i);
      try (InputStream early = Files.newInputStream(vm.tsmEntry().resolve("outblob"))) {
        assertThat(early.read()).isGreaterThanOrEqualTo(0);
      }
      Files.newInputStream(vm.tsmEntry().resolve("auxblob")).close();
      request(100 + i);
      assertThat(SnpReport.parse(read()).reportData()).isEqualTo(data(100 + i));
    }
  }

  @Test
  void aRequestOfAnotherLengthGetsNothing() throws IOException, Malformed {
    write(new byte[63]);
    assertThat(read()).isEmpty();
    write(new byte[65]);
    assertThat(read()).isEmpty();
    request(7);
    assertThat(SnpReport.parse(read()).reportData()).isEqualTo(data(7));
  }

  @Test
  void withoutARequestThereIsNothingToRead() throws IOException {
    assertThat(read()).isEmpty();
    assertThat(generation()).isZero();
  }

  @Test
  void aKilledProgramCanBeStartedAgain() throws IOException, Malformed {
    Process first = start();
    request(5);
    vm.kill();
    assertThat(first.isAlive()).isFalse();
    start();
    go();
    assertThat(SnpReport.parse(read("report")).measurement()).isEqualTo(vm.measurement());
  }

  @Test
  void onlyOneProgramRunsAtATime() throws IOException {
    start();
    assertThatThrownBy(this::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFrozenProgramDoesNothingUntilItIsResumed() throws IOException {
    Process guest = start();
    vm.freeze();
    await().until(() -> state(guest) == 'T');
    Files.createFile(results.resolve("go"));
    await()
        .during(300, TimeUnit.MILLISECONDS)
        .until(() -> !Files.exists(results.resolve("report")));
    vm.resume();
    await().until(() -> Files.exists(results.resolve("done")));
  }

  @Tag("AR-16")
  @Test
  void aTamperedProgramHasAnotherMeasurement() throws IOException, Malformed {
    start();
    HexBytes honest = vm.measurement();
    vm.kill();
    Files.writeString(program.resolve("guest.sh"), GUEST.replace("sleep 60", "sleep 61"));
    start();
    go();
    HexBytes tampered = verified(read("report"), read("certs")).measurement();
    assertThat(tampered).isNotEqualTo(honest).isEqualTo(LaunchMeasurement.of(program));
  }

  @Test
  void aFlawedMachineSaysWhatItsFlawSays() throws IOException, Malformed {
    var flawed = new SnpForger(chip).flawed(Flaw.DEBUG, NOW);
    try (SimulatedVm bad = new SimulatedVm(flawed, program, home.resolve("tsm/entry1"))) {
      Files.write(bad.tsmEntry().resolve("inblob"), new byte[64], StandardOpenOption.WRITE);
      byte[] report = Files.readAllBytes(bad.tsmEntry().resolve("outblob"));
      assertThat(SnpReport.parse(report).policy().debugAllowed()).isTrue();
    }
  }

  @Test
  void closingEndsTheProgramAndTwiceIsOnce() throws IOException {
    Process guest = start();
    vm.close();
    assertThat(guest.isAlive()).isFalse();
    vm.close();
  }

  private Process start() throws IOException {
    Files.deleteIfExists(results.resolve("go"));
    Files.deleteIfExists(results.resolve("done"));
    return vm.start(
        new ProcessBuilder(
                "sh",
                program.resolve("guest.sh").toString(),
                vm.tsmEntry().toString(),
                results.toString())
            .inheritIO());
  }

  private void go() throws IOException {
    Files.createFile(results.resolve("go"));
    await().until(() -> Files.exists(results.resolve("done")));
  }

  private byte[] read(String name) throws IOException {
    return Files.readAllBytes(results.resolve(name));
  }

  private void request(int n) throws IOException {
    write(data(n).bytes());
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(vm.tsmEntry().resolve("inblob"), bytes, StandardOpenOption.WRITE);
  }

  private byte[] read() throws IOException {
    return Files.readAllBytes(vm.tsmEntry().resolve("outblob"));
  }

  private byte[] readAux() throws IOException {
    return Files.readAllBytes(vm.tsmEntry().resolve("auxblob"));
  }

  private long generation() throws IOException {
    return Long.parseLong(Files.readString(vm.tsmEntry().resolve("generation")).strip());
  }

  private static ReportData data(int n) {
    byte[] bytes = new byte[64];
    bytes[63] = (byte) n;
    return ReportData.of(bytes);
  }

  private EnvironmentClaims verified(byte[] report, byte[] certs) throws Malformed {
    var evidence = new SnpEvidence(SnpReport.parse(report), CertTable.parse(certs).certificates());
    Verdict verdict = Verifier.verify(evidence, Collateral.NONE, amd.anchors(), NOW);
    return switch (verdict) {
      case Verdict.Genuine(EnvironmentClaims claims, _) -> claims;
      case Verdict other -> throw new AssertionError(other.toString());
    };
  }

  /** The state letter of /proc/PID/stat; T is stopped. */
  private static char state(Process p) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(p.pid()), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }
}
