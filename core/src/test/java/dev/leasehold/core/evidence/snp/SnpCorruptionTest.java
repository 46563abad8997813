package dev.leasehold.core.evidence.snp;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.testing.Fuzz;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No byte of a genuine report or of its endorsement certificate can change unnoticed. */
class SnpCorruptionTest {
  static List<SnpVectors.Case> genuine() {
    return SnpVectors.all().stream().filter(SnpVectors.Case::genuine).toList();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void everyByteOfTheReportIsGuarded(SnpVectors.Case c) {
    int step = NIGHTLY || c.acceptedByStrict() ? 1 : 7;
    for (int i = 0; i < c.report().length; i += step) {
      byte[] flipped = c.report().clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertThat(survives(c, flipped)).as("byte 0x%x", i).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void everyByteOfTheEndorsementCertificateIsGuarded(SnpVectors.Case c) {
    byte[] der = Certificates.encoded(c.endorsement().getFirst());
    for (int i = 0; i < der.length; i += NIGHTLY ? 1 : 16) {
      byte[] flipped = der.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertThat(survivesWith(c, flipped)).as("byte %d", i).isFalse();
    }
  }

  /** ASK or ASVK, and ARK: what is not signed in the root is held to its pin. */
  @ParameterizedTest
  @MethodSource("genuine")
  void everyByteOfTheCertificatesAboveIsGuarded(SnpVectors.Case c) throws Malformed {
    for (int k = 0; k < c.issuers().size(); k++) {
      byte[] der = Certificates.encoded(c.issuers().get(k));
      int signature = der.length - c.issuers().get(k).getSignature().length;
      for (int i = 0; i < der.length; i++) {
        boolean fixed = c.acceptedByStrict() && (i < 16 || i >= signature);
        if (NIGHTLY || fixed || i % 16 == 0) {
          byte[] flipped = der.clone();
          flipped[i] ^= (byte) (1 << (i % 8));
          assertThat(survivesUnder(c, k, flipped)).as("certificate %d byte %d", k, i).isFalse();
        }
      }
    }
  }

  @Test
  void unusedBitsInTheCertificatesSignatureAreRefused() throws Malformed {
    for (SnpVectors.Case c : genuine()) {
      X509Certificate leaf = c.endorsement().getFirst();
      byte[] der = Certificates.encoded(leaf);
      der[der.length - leaf.getSignature().length - 1] = 1;
      assertThatThrownBy(() -> Certificates.parse("certs[0]", der)).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void aReportOneByteShorterOrLongerIsNoReport() {
    for (SnpVectors.Case c : genuine()) {
      for (int length : new int[] {0, 1183, 1185, 4000}) {
        assertThatThrownBy(() -> SnpReport.parse(Arrays.copyOf(c.report(), length)))
            .isInstanceOf(Malformed.class)
            .hasMessageContaining("1184 bytes");
      }
    }
  }

  @Test
  void aCertificateOneByteShorterOrLongerIsNoCertificate() {
    for (SnpVectors.Case c : genuine()) {
      byte[] der = Certificates.encoded(c.endorsement().getFirst());
      for (int length : new int[] {der.length - 1, der.length + 1}) {
        assertThatThrownBy(() -> Certificates.parse("certs[0]", Arrays.copyOf(der, length)))
            .isInstanceOf(Malformed.class);
      }
    }
  }

  @Test
  void randomMutationsNeverEscapeTheParser() {
    Random random = new Random(20_261_123);
    for (SnpVectors.Case c : genuine()) {
      for (int n = 0; n < (NIGHTLY ? 20_000 : 1_000); n++) {
        byte[] mutated = Fuzz.mutated(c.report(), random);
        try {
          SnpReport r = SnpReport.parse(mutated);
          assertThat(mutated).hasSize(SnpReport.BYTES);
          assertThat(r.version()).isBetween(2, 5);
        } catch (Malformed e) {
          assertThat(e.field()).startsWith("SNP report");
        }
      }
    }
  }

  @Test
  void randomMutationsOfCertificatesNeverEscapeTheParser() {
    Random random = new Random(20_261_124);
    for (SnpVectors.Case c : genuine()) {
      byte[] der = Certificates.encoded(c.endorsement().getFirst());
      for (int n = 0; n < (NIGHTLY ? 20_000 : 1_000); n++) {
        try {
          EndorsementKey.parse(Certificates.parse("certs[0]", Fuzz.mutated(der, random)));
        } catch (Malformed e) {
          assertThat(e.expected()).isNotEmpty();
        }
      }
    }
  }

  private static boolean survives(SnpVectors.Case c, byte[] report) {
    try {
      return c.verify(report, c.endorsement()) instanceof Verdict.Genuine;
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean survivesUnder(SnpVectors.Case c, int index, byte[] issuer) {
    try {
      List<X509Certificate> above = new ArrayList<>(c.issuers());
      above.set(index, Certificates.parse("issuer", issuer));
      return c.verify(c.report(), c.endorsement(), above) instanceof Verdict.Genuine;
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean survivesWith(SnpVectors.Case c, byte[] leaf) {
    try {
      return c.verify(c.report(), List.of(Certificates.parse("certs[0]", leaf)))
          instanceof Verdict.Genuine;
    } catch (Malformed e) {
      return false;
    }
  }
}
