package dev.leasehold.core.evidence.nitro;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.testing.Fuzz;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No byte of a genuine document can change unnoticed: there is none outside what is signed. */
class NitroCorruptionTest {
  /** The document whose every byte outside its certificates is tried in each build. */
  private static final String THOROUGH = "nitro-3";

  static List<NitroVectors.Case> genuine() {
    return NitroVectors.genuine();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void everyByteIsGuarded(NitroVectors.Case c) throws Malformed {
    byte[] document = c.document();
    BitSet certificates = certificates(c);
    int signature = document.length - 98;
    for (int i = 0; i < document.length; i++) {
      boolean header = i < 12 || i >= signature;
      boolean field = c.id().equals(THOROUGH) && !certificates.get(i);
      if (NIGHTLY || header || field || i % 16 == 0) {
        byte[] flipped = document.clone();
        flipped[i] ^= (byte) (1 << (i % 8));
        assertThat(survives(c, flipped)).as("byte %d", i).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void aDocumentOneByteShorterOrLongerIsNone(NitroVectors.Case c) {
    byte[] document = c.document();
    for (int length : new int[] {0, 1, document.length - 1, document.length + 1}) {
      assertThatThrownBy(() -> NitroEvidence.parse(Arrays.copyOf(document, length)))
          .isInstanceOf(Malformed.class);
    }
  }

  /** CVE-2022-21449: r = s = 0 satisfied the equation of a careless verifier. */
  @Test
  void aSignatureOfZerosIsNone() throws Malformed {
    NitroVectors.Case c = NitroVectors.byId("nitro-2");
    byte[] document = c.document();
    byte[] zero = document.clone();
    Arrays.fill(zero, document.length - 96, document.length, (byte) 0);
    assertThat(survives(c, zero)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("genuine")
  void randomMutationsNeverEscapeTheParser(NitroVectors.Case c) throws Exception {
    Fuzz.mutate(20_261_128, c.document(), 500, NitroCorruptionTest::parse);
  }

  @Test
  void aMebibyteOfGarbageIsRefusedAtOnce() {
    byte[] random = new byte[1 << 20];
    new Random(20_261_129).nextBytes(random);
    List<byte[]> all = new ArrayList<>(List.of(random));
    // A payload that fills the whole; a map, an array and a string of 2^32 - 1; nested arrays.
    for (String head : List.of("8444a1013822a05a000ffff0bf", "bb", "9affffffff", "5affffffff")) {
      byte[] shaped = random.clone();
      byte[] start = new HexBytes(head).bytes();
      System.arraycopy(start, 0, shaped, 0, start.length);
      all.add(shaped);
    }
    byte[] nested = new byte[1 << 20];
    Arrays.fill(nested, (byte) 0x81);
    all.add(nested);
    for (byte[] garbage : all) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> NitroEvidence.parse(garbage)).isInstanceOf(Malformed.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(50));
    }
  }

  private static void parse(byte[] input) {
    try {
      assertThat(NitroEvidence.parse(input).document().pcrs()).isNotEmpty();
    } catch (Malformed e) {
      assertThat(e.expected()).isNotEmpty();
    }
  }

  /** Where the certificates of the document stand in it. */
  private static BitSet certificates(NitroVectors.Case c) throws Malformed {
    NitroDocument document = NitroEvidence.parse(c.document()).document();
    List<X509Certificate> all = new ArrayList<>(document.cabundle());
    all.add(document.certificate());
    String hex = Hex.encode(c.document());
    BitSet out = new BitSet();
    for (X509Certificate certificate : all) {
      byte[] der = Certificates.encoded(certificate);
      int from = hex.indexOf(Hex.encode(der)) / 2;
      out.set(from, from + der.length);
    }
    return out;
  }

  private static boolean survives(NitroVectors.Case c, byte[] document) {
    try {
      return c.verify(document, c.inside()) instanceof Verdict.Genuine;
    } catch (Malformed e) {
      return false;
    }
  }
}
