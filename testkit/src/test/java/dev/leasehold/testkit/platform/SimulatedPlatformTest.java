package dev.leasehold.testkit.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.SimulatedAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedPlatformTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final ReportRequest REQUEST =
      ReportRequest.of(ReportData.of(new byte[64]), new HexBytes("5a".repeat(48)));

  @TempDir private Path directory;

  @Test
  void aSavedPlatformGoesOnAsTheSameMachine() throws IOException, Malformed {
    SimulatedPlatform made = SimulatedPlatform.create(new SecureRandom());
    made.save(directory);
    made.publishRevocations(directory, NOW.minusSeconds(60));
    SimulatedPlatform loaded = SimulatedPlatform.load(directory, new SecureRandom());
    assertThat(loaded.chip().platformId()).isEqualTo(made.chip().platformId());
    assertThat(loaded.chip().tcb()).isEqualTo(made.chip().tcb());
    assertThat(loaded.chip().certificates()).isEqualTo(made.chip().certificates());

    var anchors = SimulatedAnchors.read(SimulatedPlatform.authority(directory));
    assertThat(anchors).isEqualTo(made.amd().anchors());
    var evidence =
        new SnpEvidence(
            SnpReport.parse(loaded.chip().report(REQUEST)), loaded.chip().certificates());
    var collateral = Collateral.ofRevocations(List.of(SimulatedPlatform.revocations(directory)));
    assertThat(Verifier.verify(evidence, collateral, anchors, NOW))
        .isInstanceOf(Verdict.Genuine.class);
    assertThat(Verifier.verify(evidence, collateral, PinnedAnchors.ANCHORS, NOW))
        .isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aDamagedFingerprintFileIsNoAnchor() throws IOException {
    Files.writeString(directory.resolve("ark.sha256"), "00 AMD_ARK_GENOA\n");
    assertThatThrownBy(() -> SimulatedAnchors.read(directory)).isInstanceOf(Malformed.class);
    Files.writeString(directory.resolve("ark.sha256"), "\n");
    assertThatThrownBy(() -> SimulatedAnchors.read(directory)).isInstanceOf(Malformed.class);
  }
}
