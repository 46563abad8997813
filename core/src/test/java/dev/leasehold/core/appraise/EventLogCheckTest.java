package dev.leasehold.core.appraise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.dcap.DcapVectors;
import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.testing.Shared;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventLogCheckTest {
  private static final String CCEL = "vectors/tdx/v4-8060-gce-cos113.ccel";

  @Test
  void ccelOfTheSameBootExplainsTheRtmrs() throws Malformed, IOException {
    Check check = eventLog(Shared.read(CCEL));
    assertThat(check.ok()).as(check.toString()).isTrue();
    assertThat(check.got()).contains("43 events");
  }

  @Test
  void ccelWithOneOtherDigestIsRefused() throws Malformed, IOException {
    byte[] changed = Shared.read(CCEL);
    changed[18_020] ^= 1;
    assertThat(eventLog(changed).ok()).isFalse();
  }

  @Test
  void logOfAnotherMachineIsRefused() throws Malformed, IOException {
    Check check = eventLog(Shared.read("vectors/tpm/log-ubuntu2404-snp.bin"));
    assertThat(check.ok()).isFalse();
    assertThat(check.remedy()).isNotEmpty();
  }

  /** The firmware began to boot something and the log does not tell that it was left. */
  @Test
  void logThatEndsBeforeTheBootIsRefusedThoughItReplays() throws Malformed, IOException {
    EventLog log = EventLog.parse(Shared.read("vectors/tpm/log-ebs-event-missing.bin"));
    Check check = EventLogCheck.ofPcrs(log, Map.of(TpmHash.SHA1, log.replay(TpmHash.SHA1)));
    assertThat(check.ok()).isFalse();
    assertThat(check.got()).isEqualTo("the log ends before");
    EventLog whole = EventLog.parse(Shared.read("vectors/tpm/log-ubuntu2404-snp.bin"));
    assertThat(
            EventLogCheck.ofPcrs(whole, Map.of(TpmHash.SHA256, whole.replay(TpmHash.SHA256))).ok())
        .isTrue();
  }

  /** The check of tdx-7 with this file among its collateral. */
  private static Check eventLog(byte[] file) throws Malformed {
    DcapVectors.Case c = DcapVectors.byId("tdx-7");
    Collateral held = c.collateral().and(CollateralFile.read("ccel", file));
    Verdict verdict = c.verify(c.quote(), held, c.inside());
    List<Check> checks =
        PlatformChecks.of(((Verdict.Genuine) verdict).claims(), PlatformPolicy.STRICT, c.inside());
    return checks.stream().filter(k -> k.claim().equals("event-log")).findFirst().orElseThrow();
  }
}
