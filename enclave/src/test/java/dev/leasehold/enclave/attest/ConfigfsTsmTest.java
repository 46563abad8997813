package dev.leasehold.enclave.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.enclave.attest.FakeTsmEntry.Trouble;
import dev.leasehold.testkit.platform.SimulatedVm;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The report that comes back is the one of our own data, whoever else uses the entry. */
final class ConfigfsTsmTest {
  private final FakeTsmEntry entry = new FakeTsmEntry();
  private final ConfigfsTsm tsm = new ConfigfsTsm(entry);
  private final byte[] data = data();

  @Test
  void aReportIsWrittenForAndRead() throws Exception {
    Attester.Quote quote = tsm.quote(data);
    assertThat(quote.report()).isEqualTo(Bytes.of(data));
    assertThat(quote.tee()).isEqualTo(Tee.SEV_SNP);
    assertThat(entry.writes).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void troubleMeansOnceMore(Trouble trouble) throws Exception {
    entry.troubles.add(trouble);
    assertThat(tsm.quote(data).report()).isEqualTo(Bytes.of(data));
    assertThat(entry.troubles).isEmpty();
  }

  @Test
  void severalTroublesInARowToo() throws Exception {
    entry.troubles.addAll(Arrays.asList(Trouble.values()));
    assertThat(tsm.quote(data).report()).isEqualTo(Bytes.of(data));
  }

  @Test
  void troubleWithoutEndIsReported() {
    entry.troubles.addAll(Collections.nCopies(100, Trouble.BUSY_ON_READ));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> tsm.quote(data))
        .withMessageContaining("no report in 16 attempts")
        .withStackTraceContaining("busy");
  }

  @Test
  void theProviderSaysWhichPlatform() throws Exception {
    entry.provider = "tdx_guest";
    assertThat(tsm.quote(data).tee()).isEqualTo(Tee.TDX);
    entry.provider = "other_guest";
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> tsm.quote(data))
        .withMessageContaining("other_guest");
  }

  @Test
  void unusableCertificatesAreLeftOut() throws Exception {
    entry.auxblob = new byte[] {1, 2, 3};
    assertThat(tsm.quote(data).certs()).isEmpty();
  }

  @Test
  void onlySixtyFourBytesAreReportData() {
    assertThatIllegalArgumentException().isThrownBy(() -> tsm.quote(new byte[32]));
  }

  @Test
  void aSimulatedVmServesRealFormatsThroughPipes(@TempDir Path home) throws Exception {
    Path program = Files.createDirectories(home.resolve("program"));
    SimulatedChip chip = SimulatedChip.create(SimulatedAmd.shared());
    try (SimulatedVm vm = new SimulatedVm(chip, program, home.resolve("tsm/entry"))) {
      ConfigfsTsm guest = ConfigfsTsm.at(vm.tsmEntry());
      for (int i = 0; i < 3; i++) {
        data[0]++;
        Attester.Quote quote = guest.quote(data);
        SnpReport report = SnpReport.parse(quote.report().toArray());
        assertThat(report.reportData().bytes()).isEqualTo(data);
        assertThat(report.measurement()).isEqualTo(vm.measurement());
        assertThat(quote.certs()).hasSize(3);
      }
    }
  }

  @Test
  void withoutTheKernelsInterfaceThereIsAClearRefusal(@TempDir Path home) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ConfigfsTsm.at(home.resolve("none/tsm/report/leasehold")))
        .withMessageContaining("configfs-tsm");
  }

  private static byte[] data() {
    byte[] data = new byte[64];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) i;
    }
    return data;
  }
}
