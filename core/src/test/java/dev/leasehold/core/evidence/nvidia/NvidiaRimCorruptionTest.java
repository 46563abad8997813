package dev.leasehold.core.evidence.nvidia;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No character of genuine reference values can change unnoticed, signature and key included. */
class NvidiaRimCorruptionTest {
  private static final Instant INSIDE = Instant.parse("2025-06-01T00:00:00Z");
  private static final String DRIVER = "h100-550.driver-rim.xml";

  @ParameterizedTest
  @ValueSource(strings = {DRIVER, "h100-550.vbios-rim.xml"})
  void everyCharacterIsGuarded(String file) throws Malformed {
    NvidiaRim genuine = NvidiaVectors.rim(file);
    byte[] xml = NvidiaVectors.bytes(file);
    int signature = indexOf(xml, "<ds:Signature ");
    int certificates = indexOf(xml, "<ds:X509Certificate>");
    for (int i = 0; i < xml.length; i++) {
      boolean signatureOfDriver = file.equals(DRIVER) && i >= signature && i < certificates;
      if (NIGHTLY || signatureOfDriver || i % 16 == 0) {
        assertThat(survives(genuine, flip(xml, i))).as("character %d", i).isFalse();
      }
    }
  }

  @Test
  void damagedReferenceValuesMakeTheVerdictFail() throws Malformed {
    NvidiaVectors.Case c = NvidiaVectors.byId("nv-1");
    byte[] xml = NvidiaVectors.bytes(DRIVER);
    Collateral vbios = Collateral.ofRims(List.of(NvidiaVectors.rim("h100-550.vbios-rim.xml")));
    for (int i = 7; i < xml.length; i += NIGHTLY ? 97 : 997) {
      try {
        Collateral damaged = CollateralFile.read(DRIVER, flip(xml, i)).and(vbios);
        assertThat(c.verifyWith(damaged, INSIDE))
            .as("character %d", i)
            .isInstanceOf(Verdict.Refused.class);
      } catch (Malformed e) {
        assertThat(e.expected()).isNotEmpty();
      }
    }
  }

  @Test
  void oneCharacterLessOrMoreIsNoDocument() {
    byte[] xml = NvidiaVectors.bytes(DRIVER);
    assertRefused(Arrays.copyOf(xml, xml.length - 1));
    assertRefused(Arrays.copyOf(xml, xml.length + 1));
    assertRefused((text(xml) + " ").getBytes(StandardCharsets.US_ASCII));
    assertRefused((" " + text(xml)).getBytes(StandardCharsets.US_ASCII));
    assertRefused(Arrays.copyOfRange(xml, 1, xml.length));
    assertRefused((text(xml) + "x").getBytes(StandardCharsets.US_ASCII));
    assertRefused(("x" + text(xml)).getBytes(StandardCharsets.US_ASCII));
    assertRefused(new byte[0]);
  }

  /**
   * Canonicalisation maps these to the same octets, so no signature can tell them apart; none
   * changes what is read.
   */
  @Test
  void whatCanonicalisationLeavesOpenChangesNoValue() throws Malformed {
    NvidiaRim genuine = NvidiaVectors.rim(DRIVER);
    String xml = text(NvidiaVectors.bytes(DRIVER));
    for (String same :
        List.of(
            xml + "\n\n",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml,
            xml.replace("<ns0:Payload ", "<ns0:Payload  "),
            xml.replace("index=\"7\" active=\"True\"", "active='True' index='7'"),
            xml.replace("edition=\"GPU\"", "edition=\"&#71;PU\""))) {
      assertThat(same).isNotEqualTo(xml);
      ReferenceValues values = signed(genuine, NvidiaRim.parse("RIM", bytes(same)));
      assertThat(values).isEqualTo(signed(genuine, genuine));
    }
  }

  @Test
  void randomMutationsNeverEscapeTheParser() throws Exception {
    Fuzz.mutate(
        20_261_128,
        NvidiaVectors.bytes(DRIVER),
        200,
        mutated -> {
          try {
            assertThat(NvidiaRim.parse("RIM", mutated).certificates()).isNotEmpty();
          } catch (Malformed e) {
            assertThat(e.expected()).isNotEmpty();
          }
        });
  }

  @Test
  void aMebibyteOfGarbageIsRefusedAtOnce() {
    byte[] garbage = new byte[1 << 20];
    new Random(20_261_129).nextBytes(garbage);
    byte[] open = "<a ".repeat(1 << 18).getBytes(StandardCharsets.US_ASCII);
    byte[] deep = "<a>".repeat(80_000).getBytes(StandardCharsets.US_ASCII);
    byte[] wide = ("<a " + "b=\"\" ".repeat(40_000) + "/>").getBytes(StandardCharsets.US_ASCII);
    for (byte[] input : List.of(garbage, open, deep, wide)) {
      assertThat(quickest(input)).isLessThan(Duration.ofMillis(50));
    }
  }

  /** Of a few runs, so that neither class loading nor another program on the machine counts. */
  private static Duration quickest(byte[] input) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 5; run++) {
      long start = System.nanoTime();
      assertRefused(input);
      least = Math.min(least, System.nanoTime() - start);
    }
    return Duration.ofNanos(least);
  }

  /** The chain of unchanged certificates is proven; then only what they sign is in question. */
  private static boolean survives(NvidiaRim genuine, byte[] xml) {
    try {
      RimSignature damaged = ReferenceValues.read("RIM", xml).signature();
      PublicKey key = genuine.certificates().getFirst().getPublicKey();
      return damaged.certificates().equals(genuine.certificates())
          ? damaged.verifies(key)
          : NvidiaRimVectorsTest.refusedFor(NvidiaRim.parse("RIM", xml), INSIDE).equals("ok");
    } catch (Malformed e) {
      return false;
    }
  }

  private static ReferenceValues signed(NvidiaRim genuine, NvidiaRim rim) {
    return rim.signedBy(genuine.certificates().getFirst().getPublicKey()).orElseThrow();
  }

  private static void assertRefused(byte[] xml) {
    assertThatThrownBy(() -> NvidiaRim.parse("RIM", xml)).isInstanceOf(Malformed.class);
  }

  private static int indexOf(byte[] xml, String part) {
    int at = text(xml).indexOf(part);
    assertThat(at).isPositive();
    return at;
  }

  private static String text(byte[] xml) {
    return new String(xml, StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String xml) {
    return xml.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] flip(byte[] bytes, int at) {
    byte[] out = bytes.clone();
    out[at] ^= (byte) (1 << (at % 8));
    return out;
  }
}
