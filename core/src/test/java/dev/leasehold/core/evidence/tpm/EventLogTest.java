package dev.leasehold.core.evidence.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.testing.Shared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {
  /** RTMR0 to RTMR3 of tdx/v4-8060-gce-cos113.quote. */
  private static final int FIRST_RTMR_AT = 48 + 328;

  /** Within the fourth event. */
  private static final int CUT = 1_000;

  @Test
  void ccelReplaysToTheRtmrsOfItsQuote() throws Malformed, IOException {
    byte[] ccel = Shared.read("vectors/tdx/v4-8060-gce-cos113.ccel");
    byte[] quote = Shared.read("vectors/tdx/v4-8060-gce-cos113.quote");
    EventLog log = EventLog.parsePadded(ccel);
    assertThat(log.events()).hasSize(43);
    assertThat(log.banks()).containsExactly(TpmHash.SHA384);
    List<HexBytes> rtmrs = log.replayRtmrs();
    for (int i = 0; i < 4; i++) {
      int at = FIRST_RTMR_AT + 48 * i;
      assertThat(rtmrs.get(i)).isEqualTo(HexBytes.of(Arrays.copyOfRange(quote, at, at + 48)));
    }
    assertThatThrownBy(() -> EventLog.parse(ccel)).isInstanceOf(Malformed.class);
    assertThat(EventLog.parse(Arrays.copyOf(ccel, 18_101)).events()).hasSize(43);
  }

  @Test
  void cryptoAgileLogOfAWholeBoot() throws Malformed {
    EventLog log = EventLog.parse(TpmVectors.bytes("log-ubuntu2404-snp.bin"));
    assertThat(log.events()).hasSize(116);
    assertThat(log.legacy()).isFalse();
    assertThat(log.replay(TpmHash.SHA256)).containsOnlyKeys(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14);
    EventLog.Event secureBoot = log.events().get(2);
    assertThat(secureBoot.measuredData(TpmHash.SHA256)).isPresent();
    EventLog.Event acpi = log.events().get(8);
    assertThat(new String(acpi.data().toArray(), StandardCharsets.US_ASCII)).isEqualTo("ACPI DATA");
    assertThat(acpi.measuredData(TpmHash.SHA256)).isEmpty();
  }

  /** Well-formed, but it ends before the boot loader has left the firmware. */
  @Test
  void logWithoutItsEndIsReadAndReplaysToLess() throws Malformed {
    EventLog log = EventLog.parse(TpmVectors.bytes("log-ebs-event-missing.bin"));
    assertThat(log.legacy()).isTrue();
    assertThat(log.events()).hasSize(38);
    assertThat(log.banks()).containsExactly(TpmHash.SHA1);
    assertThat(log.replay(TpmHash.SHA256)).isEmpty();
  }

  @Test
  void logThatBeginsWithAnotherInformativeEventIsMalformed() {
    assertThatThrownBy(() -> EventLog.parse(TpmVectors.bytes("log-short-no-action.bin")))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("Spec ID");
  }

  @Test
  void everyTruncationIsRefusedOrLosesWholeEvents() throws IOException {
    byte[] log = Arrays.copyOf(Shared.read("vectors/tdx/v4-8060-gce-cos113.ccel"), 18_101);
    int whole = 0;
    for (int length = 0; length < CUT; length++) {
      try {
        assertThat(EventLog.parse(Arrays.copyOf(log, length)).events()).hasSize(whole++);
      } catch (Malformed e) {
        assertThat(e.expected()).isNotEmpty();
      }
    }
    assertThat(whole).isEqualTo(4);
  }
}
