package dev.leasehold.core.pki;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Genuine answers of NVIDIA's responders, and what becomes of them when a byte changes. */
class OcspVectorsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors", "nvidia");

  /** Before this offset every byte is the answer's own; the responder's certificate follows. */
  private static final int CERTIFICATE_FROM = 420;

  private static final Pattern KEY_INFO =
      Pattern.compile("<(?:\\w+:)?X509Certificate>([^<]+)</(?:\\w+:)?X509Certificate>");

  /** Each answer, the subject's serial in hex and an instant inside its window. */
  enum Answer {
    GPU_L2("ocsp-gpu-certificate-l2.der", "4c255ede3bd001bf3f4a3b605fca898a", Set.GPU),
    GPU_L3("ocsp-gpu-certificate-l3.der", "6afe7184f92232c8df7b242261776e56", Set.GPU),
    GPU_L4("ocsp-gpu-certificate-l4.der", "41431d480fe5e87274", Set.GPU),
    RIM_L2("ocsp-gpu-rim-l2.der", "c6dbf0754093fdeb4333f34ba205b4dc", Set.RIM),
    DRIVER_RIM_L3("ocsp-gpu-driver-rim-l3.der", "b4ebf6542022fdec4512f24ba503a3cb", Set.RIM),
    DRIVER_RIM_L4("ocsp-gpu-driver-rim-l4.der", "d69f10b46c05d201", Set.RIM),
    VBIOS_RIM_L4("ocsp-gpu-vbios-l4.der", "89624ede804c3916", Set.RIM);

    private final String file;
    private final String serial;
    private final Instant inside;

    Answer(String file, String serial, Set set) {
      this.file = file;
      this.serial = serial;
      this.inside = set.inside;
    }

    byte[] der() throws IOException {
      return Files.readAllBytes(FOLDER.resolve(file));
    }

    OcspAnswer parse() throws IOException, Malformed {
      return OcspAnswer.parse(file, der());
    }

    X509Certificate subject() {
      return CERTIFICATES.stream()
          .filter(c -> c.getSerialNumber().toString(16).equals(serial))
          .findFirst()
          .orElseThrow();
    }

    X509Certificate issuer() {
      return CERTIFICATES.stream()
          .filter(c -> c.getSubjectX500Principal().equals(subject().getIssuerX500Principal()))
          .findFirst()
          .orElseThrow();
    }

    Optional<Fault> fault(OcspAnswer answer, Instant now) {
      return answer.fault(Vendor.NVIDIA, subject(), issuer(), now);
    }
  }

  /** Collected on two days. */
  private enum Set {
    GPU("2025-08-21T12:00:00Z"),
    RIM("2025-10-24T20:00:00Z");

    private final Instant inside;

    Set(String inside) {
      this.inside = Instant.parse(inside);
    }
  }

  private static final List<X509Certificate> CERTIFICATES = new ArrayList<>();

  @BeforeAll
  static void readChains() throws IOException, Malformed {
    assumeThat(FOLDER).as("vectors are not here: set leasehold.shared").isDirectory();
    String chain = Files.readString(FOLDER.resolve("h100-550.chain.pem"));
    CERTIFICATES.addAll(Certificates.parsePem("chain", chain));
    for (String rim : List.of("h100-550.driver-rim.xml", "h100-550.vbios-rim.xml")) {
      String xml = Files.readString(FOLDER.resolve(rim), StandardCharsets.ISO_8859_1);
      for (Matcher m = KEY_INFO.matcher(xml); m.find(); ) {
        CERTIFICATES.add(Certificates.parse(rim, Base64.getMimeDecoder().decode(m.group(1))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void isGoodForItsOwnCertificate(Answer a) throws IOException, Malformed {
    OcspAnswer answer = a.parse();
    assertThat(a.fault(answer, a.inside)).isEmpty();
    assertThat(answer.encoded()).isEqualTo(a.der());
    assertThat(answer.responses())
        .singleElement()
        .satisfies(r -> {
          assertThat(r.status()).isInstanceOf(CertStatus.Good.class);
          assertThat(r.certId().algorithm()).isEqualTo(CertId.HashAlgorithm.SHA384);
          assertThat(r.certId().serial().toString(16)).isEqualTo(a.serial);
        });
  }

  @ParameterizedTest
  @EnumSource
  void holdsFromThisUpdateToNextUpdate(Answer a) throws IOException, Malformed {
    OcspAnswer answer = a.parse();
    Window w = answer.responses().getFirst().window();
    assertThat(Duration.between(w.notBefore(), w.notAfter())).isEqualTo(Duration.ofDays(1));
    assertThat(answer.windows()).hasSize(2).allMatch(x -> x.contains(a.inside));
    assertThat(a.fault(answer, w.notBefore())).isEmpty();
    assertThat(a.fault(answer, w.notAfter())).isEmpty();
    assertThat(a.fault(answer, w.notBefore().minusSeconds(1)))
        .hasValueSatisfying(f -> assertThat(f.expected()).contains("current at"));
    assertThat(a.fault(answer, w.notAfter().plusSeconds(1)))
        .hasValueSatisfying(f -> assertThat(f.expected()).contains("current at"));
  }

  @ParameterizedTest
  @EnumSource
  void saysNothingOfAnyOtherCertificate(Answer a) throws IOException, Malformed {
    OcspAnswer answer = a.parse();
    for (X509Certificate other : CERTIFICATES) {
      if (!other.getSerialNumber().equals(a.subject().getSerialNumber())) {
        assertThat(answer.fault(Vendor.NVIDIA, other, a.issuer(), a.inside))
            .hasValueSatisfying(f -> assertThat(f.got()).contains("others"));
      }
    }
  }

  /** Nothing in an answer lies outside what is signed, the signature and the signer's own. */
  @ParameterizedTest
  @EnumSource
  void everyByteIsGuarded(Answer a) throws IOException {
    byte[] der = a.der();
    for (int i = 0; i < der.length; i += NIGHTLY || i < CERTIFICATE_FROM ? 1 : 16) {
      byte[] flipped = der.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertThat(survives(a, flipped)).as("byte %d", i).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneByteMoreOrLessIsNoAnswer(Answer a) throws IOException {
    byte[] der = a.der();
    for (int length : new int[] {0, 1, der.length - 1, der.length + 1}) {
      assertThatThrownBy(() -> OcspAnswer.parse("answer", Arrays.copyOf(der, length)))
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void anAnswerThatIsNoAnswerIsMalformed() {
    assertThatThrownBy(() -> OcspAnswer.parse("answer", new byte[] {0x30, 3, 0x0a, 1, 6}))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("successful (0)");
  }

  @Test
  void aFileOfCollateralIsKnownByItsFirstBytes() throws IOException, Malformed {
    Collateral read = CollateralFile.read("a.bin", Answer.GPU_L2.der());
    assertThat(read.ocspAnswers())
        .extracting(OcspAnswer::sha256)
        .containsExactly(Answer.GPU_L2.parse().sha256());
    assertThat(read.certificates()).isEmpty();
  }

  @Test
  void theNewestAnswerAboutACertificateIsTaken() throws IOException, Malformed {
    List<OcspAnswer> all = new ArrayList<>();
    for (Answer a : Answer.values()) {
      all.add(a.parse());
    }
    Answer wanted = Answer.GPU_L3;
    assertThat(OcspAnswer.newest(all, wanted.subject(), wanted.issuer()).map(OcspAnswer::sha256))
        .contains(wanted.parse().sha256());
    assertThat(OcspAnswer.newest(all, wanted.issuer(), wanted.subject())).isEmpty();
  }

  @Test
  void randomMutationsNeverEscapeTheParser() throws IOException {
    Random random = new Random(20_261_126);
    for (Answer a : Answer.values()) {
      byte[] der = a.der();
      for (int n = 0; n < (NIGHTLY ? 20_000 : 500); n++) {
        byte[] mutated = der.clone();
        for (int k = random.nextInt(4); k >= 0; k--) {
          mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        try {
          assertThat(OcspAnswer.parse("answer", mutated).encoded()).isEqualTo(mutated);
        } catch (Malformed e) {
          assertThat(e.expected()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void aMebibyteOfGarbageIsRefusedAtOnce() {
    byte[] garbage = new byte[1 << 20];
    new Random(20_261_127).nextBytes(garbage);
    byte[] shaped = garbage.clone();
    System.arraycopy(
        new byte[] {0x30, (byte) 0x83, 0x0f, (byte) 0xff, (byte) 0xfb, 0x0a, 1, 0},
        0,
        shaped,
        0,
        8);
    for (byte[] bytes : List.of(garbage, shaped)) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> OcspAnswer.parse("answer", bytes)).isInstanceOf(Malformed.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(50));
    }
  }

  private static boolean survives(Answer a, byte[] der) {
    try {
      return a.fault(OcspAnswer.parse("answer", der), a.inside).isEmpty();
    } catch (Malformed e) {
      return false;
    }
  }
}
