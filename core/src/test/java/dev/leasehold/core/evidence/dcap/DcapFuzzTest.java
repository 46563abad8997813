package dev.leasehold.core.evidence.dcap;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever comes in, the parsers answer with a value or with {@link Malformed}, and soon. */
class DcapFuzzTest {
  private static final int MIB = 1 << 20;

  @Test
  void randomMutationsNeverEscapeTheQuoteParser() {
    Random random = new Random(20_261_125);
    for (DcapVectors.Case c : DcapVectors.all()) {
      for (int n = 0; n < (NIGHTLY ? 20_000 : 500); n++) {
        try {
          Quote quote = Quote.parse(Fuzz.mutated(c.quote(), random));
          assertThat(quote.header().version()).isBetween(3, 5);
        } catch (Malformed e) {
          assertThat(e.expected()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void randomMutationsNeverEscapeTheCertificateParser() throws Malformed {
    Random random = new Random(20_261_126);
    for (DcapVectors.Case c : DcapVectors.accepted()) {
      byte[] der =
          Certificates.encoded(Quote.parse(c.quote()).certification().certificates().getFirst());
      for (int n = 0; n < (NIGHTLY ? 20_000 : 1_000); n++) {
        try {
          assertThat(
                  PckCertificate.parse(Certificates.parse("PCK", Fuzz.mutated(der, random)))
                      .fmspc()
                      .hex())
              .hasSize(12);
        } catch (Malformed e) {
          assertThat(e.expected()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void aMebibyteOfGarbageIsRefusedAtOnce() {
    byte[] noise = new byte[MIB];
    new Random(20_261_127).nextBytes(noise);
    byte[] quote = DcapVectors.byId("tdx-1").quote();
    for (byte[] garbage :
        List.of(
            new byte[MIB],
            noise,
            spliced(quote, 48, noise),
            spliced(quote, 48 + TdReport.BYTES_1_0, noise),
            chainOf("A".repeat(MIB)),
            chainOf("-----BEGIN CERTIFICATE-----\n".repeat(MIB / 28)),
            chainOf("-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----".repeat(MIB / 56)),
            chainOf(
                "-----BEGIN CERTIFICATE-----"
                    + "MIIB".repeat(MIB / 4)
                    + "-----END CERTIFICATE-----"),
            chainOf("-----BEGIN CERTIFICATE-----" + "\n".repeat(MIB)))) {
      assertThatThrownBy(() -> Quote.parse(garbage)).isInstanceOf(Malformed.class);
      assertThat(fastest(garbage)).isLessThan(Duration.ofMillis(50));
    }
  }

  @Test
  void aLengthBeyondTheInputAllocatesNothing() {
    byte[] quote = DcapVectors.byId("tdx-1").quote();
    int at = 48 + TdReport.BYTES_1_0;
    Arrays.fill(quote, at, at + 4, (byte) 0xff);
    assertThatThrownBy(() -> Quote.parse(quote))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("4294967295 bytes");
  }

  /** The best of a few runs: what else the machine does is not measured. */
  private static Duration fastest(byte[] garbage) {
    return IntStream.range(0, 5)
        .mapToObj(run -> {
          long start = System.nanoTime();
          assertThatThrownBy(() -> Quote.parse(garbage)).isInstanceOf(Malformed.class);
          return Duration.ofNanos(System.nanoTime() - start);
        })
        .min(Duration::compareTo)
        .orElseThrow();
  }

  /** The first bytes of a genuine quote, then noise. */
  private static byte[] spliced(byte[] quote, int keep, byte[] noise) {
    byte[] out = noise.clone();
    System.arraycopy(quote, 0, out, 0, keep);
    return out;
  }

  /** A quote of version 3 with consistent lengths around this chain. */
  private static byte[] chainOf(String pem) {
    byte[] chain = pem.getBytes(StandardCharsets.US_ASCII);
    byte[] quote = DcapVectors.byId("sgx-2").quote();
    int start = new String(quote, StandardCharsets.ISO_8859_1).indexOf("-----BEGIN ");
    byte[] out = Arrays.copyOf(quote, start + chain.length);
    System.arraycopy(chain, 0, out, start, chain.length);
    littleEndian(out, start - 4, chain.length);
    littleEndian(out, 48 + SgxReport.BYTES, out.length - 48 - SgxReport.BYTES - 4);
    return out;
  }

  static void littleEndian(byte[] out, int at, int value) {
    for (int i = 0; i < 4; i++) {
      out[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
