package dev.leasehold.core.dsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Statements;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program stores of a message is read back as it was, and nothing else passes for it. */
class BundleTest {
  private final Bundles.GpuReport report =
      new Bundles.GpuReport(Bytes.of(new byte[] {1, 2}), List.of(Bytes.of(new byte[] {3})));

  @Test
  void textIsWhatIsWritten() {
    String text = Bundle.text(Bundles.GpuReport.class, report);
    assertThat(text.getBytes(StandardCharsets.UTF_8))
        .isEqualTo(Bundle.write(Bundles.GpuReport.class, report));
    assertThat(Bundle.parseStored(Bundles.GpuReport.class, text)).isEqualTo(report);
  }

  @Test
  void aDamagedRowIsABrokenStoreNotABadMessage() {
    String text = Bundle.text(Bundles.GpuReport.class, report).replace("certs", "cert");
    assertThatThrownBy(() -> Bundle.parseStored(Bundles.GpuReport.class, text))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(Malformed.class)
        .hasMessageContaining("GpuReport");
  }

  @Test
  void aStatementOfAnotherKindIsNotReadFromTheStore() {
    Kind<Bundles.GpuReport> other = Kind.of("gpu", Bundles.GpuReport.class);
    Envelope stored = new Envelope(other.payloadType(), Bytes.of(other.encode(report)), List.of());
    assertThat(other.decodeStored(stored)).isEqualTo(report);
    assertThatThrownBy(() -> Statements.ORDER.decodeStored(stored))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(Malformed.class)
        .hasMessageContaining(Statements.ORDER.name());
  }
}
