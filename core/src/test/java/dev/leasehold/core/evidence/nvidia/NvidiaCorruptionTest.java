package dev.leasehold.core.evidence.nvidia;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.testing.Fuzz;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No byte of a genuine report or of a certificate in its chain can change unnoticed. */
class NvidiaCorruptionTest {
  static List<NvidiaVectors.Case> genuine() {
    return NvidiaVectors.all().stream().filter(NvidiaVectors.Case::genuine).toList();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void everyByteOfTheReportIsGuarded(NvidiaVectors.Case c) throws Malformed {
    AliasCertificate alias = AliasCertificate.parse(c.chain().getFirst());
    int step = NIGHTLY || c.acceptedByStrict() ? 1 : 16;
    for (int i = 0; i < c.report().length; i += step) {
      byte[] flipped = flip(c.report(), i);
      assertThat(isReportOf(alias, flipped)).as("byte 0x%x", i).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void aDamagedReportIsRefusedAsAWhole(NvidiaVectors.Case c) {
    for (int i = 0; i < c.report().length; i += NIGHTLY ? 16 : 509) {
      assertThat(survives(c, flip(c.report(), i), c.chain())).as("byte 0x%x", i).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void everyByteOfTheCertificatesIsGuarded(NvidiaVectors.Case c) {
    int step = c.acceptedByStrict() ? 16 : 128;
    for (int n = 0; n < c.chain().size(); n++) {
      byte[] der = Certificates.encoded(c.chain().get(n));
      for (int i = 0; i < der.length; i += NIGHTLY ? 1 : step) {
        assertThat(survivesWith(c, n, flip(der, i))).as("certificate %d byte %d", n, i).isFalse();
      }
    }
  }

  @Test
  void aReportOneByteShorterOrLongerIsNoReport() {
    for (NvidiaVectors.Case c : genuine()) {
      int length = c.report().length;
      for (int other : new int[] {0, 36, 37, 45, length - 96, length - 1, length + 1}) {
        assertThatThrownBy(() -> NvidiaReport.parse(Arrays.copyOf(c.report(), other)))
            .isInstanceOf(Malformed.class)
            .hasMessageContaining("NVIDIA report");
      }
    }
  }

  @Test
  void randomMutationsNeverEscapeTheParser() throws Exception {
    for (NvidiaVectors.Case c : genuine()) {
      Fuzz.mutate(20_261_125, c.report(), 1_000, NvidiaCorruptionTest::parse);
    }
  }

  @Test
  void randomMutationsOfCertificatesNeverEscapeTheParser() throws Exception {
    for (NvidiaVectors.Case c : genuine()) {
      byte[] der = Certificates.encoded(c.chain().getFirst());
      Fuzz.mutate(
          20_261_126,
          der,
          300,
          mutated -> {
            try {
              AliasCertificate.parse(Certificates.parse("certs[0]", mutated));
            } catch (Malformed e) {
              assertThat(e.expected()).isNotEmpty();
            }
          });
    }
  }

  @Test
  void aMebibyteOfGarbageIsRefusedAtOnce() {
    byte[] garbage = new byte[1 << 20];
    new Random(20_261_127).nextBytes(garbage);
    byte[] beginsWell = garbage.clone();
    byte[] genuine = NvidiaVectors.byId("nv-1").report();
    System.arraycopy(genuine, 0, beginsWell, 0, genuine.length);
    parse(garbage);
    for (byte[] input : List.of(garbage, beginsWell)) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> NvidiaReport.parse(input)).isInstanceOf(Malformed.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(50));
    }
  }

  private static void parse(byte[] mutated) {
    try {
      NvidiaReport r = NvidiaReport.parse(mutated);
      assertThat(r.signedPart().length()).isEqualTo(mutated.length - 96);
    } catch (Malformed e) {
      assertThat(e.field()).startsWith("NVIDIA report");
    }
  }

  private static boolean isReportOf(AliasCertificate alias, byte[] report) {
    try {
      return NvidiaVerification.isSignedBy(alias, NvidiaReport.parse(report));
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean survivesWith(NvidiaVectors.Case c, int replaced, byte[] der) {
    try {
      List<X509Certificate> chain = new ArrayList<>(c.chain());
      chain.set(replaced, Certificates.parse("certs[" + replaced + "]", der));
      return survives(c, c.report(), chain);
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean survives(
      NvidiaVectors.Case c, byte[] report, List<X509Certificate> chain) {
    try {
      return c.verify(report, chain) instanceof Verdict.Genuine;
    } catch (Malformed e) {
      return false;
    }
  }

  private static byte[] flip(byte[] bytes, int at) {
    byte[] out = bytes.clone();
    out[at] ^= (byte) (1 << (at % 8));
    return out;
  }
}
