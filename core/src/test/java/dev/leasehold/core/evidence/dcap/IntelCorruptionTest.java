package dev.leasehold.core.evidence.dcap;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No byte of what Intel signed can change unnoticed, and no input upsets the parsers. */
class IntelCorruptionTest {
  private static final Duration REFUSED_WITHIN = Duration.ofMillis(50);

  static List<String> bundles() {
    return IntelCollateral.BUNDLES;
  }

  /** What a test changes one byte of, and whether the rest is still believed then. */
  private interface Believed {
    Optional<Fault> with(byte[] bytes) throws Malformed;
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void everyByteOfTheStatementsIsSigned(String file) throws Malformed {
    Collateral c = IntelCollateral.read(file);
    TcbInfo info = c.tcbInfos().getFirst();
    Instant now = info.issueDate().plusSeconds(1);
    List<X509Certificate> chain = chain(file);
    byte[] json = IntelText.bytes(IntelCollateral.text(file, "tcb_info"));
    byte[] signature = Hex.decode("s", IntelCollateral.text(file, "tcb_info_signature"));
    everyByteCounts(
        json,
        16,
        b ->
            TcbInfo.parse("info", b, signature, chain)
                .fault(PinnedAnchors.ANCHORS, c.revocations(), now));
    everyByteCounts(
        signature,
        1,
        b ->
            TcbInfo.parse("info", json, b, chain)
                .fault(PinnedAnchors.ANCHORS, c.revocations(), now));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void everyByteOfTheQuotingEnclavesIdentityIsSigned(String file) throws Malformed {
    Collateral c = IntelCollateral.read(file);
    Instant now = c.qeIdentities().getFirst().issueDate().plusSeconds(1);
    List<X509Certificate> chain = chain(file);
    byte[] json = IntelText.bytes(IntelCollateral.text(file, "qe_identity"));
    byte[] signature = Hex.decode("s", IntelCollateral.text(file, "qe_identity_signature"));
    everyByteCounts(
        json,
        16,
        b ->
            QeIdentity.parse("identity", b, signature, chain)
                .fault(PinnedAnchors.ANCHORS, c.revocations(), now));
    everyByteCounts(
        signature,
        1,
        b ->
            QeIdentity.parse("identity", json, b, chain)
                .fault(PinnedAnchors.ANCHORS, c.revocations(), now));
  }

  @Test
  void everyByteOfTheSignersCertificatesIsGuarded() throws Malformed {
    String file = IntelCollateral.BUNDLES.getLast();
    Collateral c = IntelCollateral.read(file);
    Instant now = c.tcbInfos().getFirst().issueDate().plusSeconds(1);
    byte[] json = IntelText.bytes(IntelCollateral.text(file, "tcb_info"));
    byte[] signature = Hex.decode("s", IntelCollateral.text(file, "tcb_info_signature"));
    List<X509Certificate> chain = chain(file);
    for (X509Certificate changed : chain) {
      everyByteCounts(
          Certificates.encoded(changed),
          16,
          b ->
              TcbInfo.parse(
                      "info",
                      json,
                      signature,
                      List.of(
                          changed.equals(chain.getFirst())
                              ? Certificates.parse("signer", b)
                              : chain.getFirst(),
                          changed.equals(chain.getLast())
                              ? Certificates.parse("root", b)
                              : chain.getLast()))
                  .fault(PinnedAnchors.ANCHORS, c.revocations(), now));
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void everyByteOfTheRevocationListsIsSigned(String file) throws Malformed {
    Collateral c = IntelCollateral.read(file);
    X509Certificate pckAuthority = c.certificates().getFirst();
    X509Certificate root = c.certificates().getLast();
    for (RevocationList list : c.revocations()) {
      X509Certificate issuer = list.namesIssuer(root) ? root : pckAuthority;
      everyByteCounts(
          list.encoded(),
          16,
          b ->
              RevocationList.parse("list", b)
                  .fault(Vendor.INTEL, issuer, List.of(), list.thisUpdate().plusSeconds(1)));
    }
  }

  @Test
  void theListOfPckCertificatesIsReadToItsLastSerial() throws Malformed {
    Collateral c = IntelCollateral.read("tdx/90c0-eval18-2026-02.coll.json");
    String der = Hex.encode(c.revocations().getFirst().encoded());
    assertThat(der).contains("6fc34e5023e728923435d61aa4b83c618166ad35");
    assertThat(der.split("300c300a0603551d15", -1)).hasSize(57 + 1);
  }

  @Test
  void randomMutationsNeverEscapeTheParsers() throws Malformed {
    Random random = new Random(20_261_123);
    for (String file : IntelCollateral.BUNDLES) {
      for (String key : List.of("tcb_info", "qe_identity")) {
        byte[] json = IntelText.bytes(IntelCollateral.text(file, key));
        for (int n = 0; n < (NIGHTLY ? 5_000 : 100); n++) {
          byte[] mutated = Fuzz.mutated(json, random);
          try {
            assertThat(
                    key.equals("tcb_info")
                        ? TcbInfo.parse("x", mutated, new byte[64], List.of()).levels()
                        : QeIdentity.parse("x", mutated, new byte[64], List.of()).levels())
                .isNotEmpty();
          } catch (Malformed e) {
            assertThat(e.field()).startsWith("x");
          }
        }
      }
    }
  }

  @Test
  void randomMutationsNeverEscapeTheReaderOfFiles() {
    Random random = new Random(20_261_124);
    for (String file :
        List.of(IntelCollateral.BUNDLES.getFirst(), "tdx/v5-90c0-gce.tcbinfo.json")) {
      byte[] bytes = IntelCollateral.bytes(file);
      for (int n = 0; n < (NIGHTLY ? 5_000 : 150); n++) {
        try {
          assertThat(CollateralFile.read("x", Fuzz.mutated(bytes, random)).tcbInfos()).isNotNull();
        } catch (Malformed e) {
          assertThat(e.field()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void aMebibyteOfGarbageIsRefusedAtOnce() {
    byte[] noise = new byte[1 << 20];
    new Random(1).nextBytes(noise);
    refusedAtOnce(noise);
    refusedAtOnce(filled("{\"tcbInfo\":", "{\"a\":"));
    refusedAtOnce(filled("{\"tcbInfo\":{\"tcbLevels\":[", "{},"));
    refusedAtOnce(filled("{\"tcbInfo\":\"", "a"));
    refusedAtOnce(filled("{\"tcb_info\":", "9"));
    refusedAtOnce(filled("", "30"));
    refusedAtOnce(filled("{", " "));
    refusedAtOnce(filled("-----BEGIN CERTIFICATE-----", "A"));
    refusedAtOnce(filled("-----BEGIN X509 CRL-----", "\n"));
    refusedAtOnce(filled("", "-----BEGIN X509 CRL-----\n"));
  }

  /** The best of a few readings: what the machine does besides is no fault of the reader. */
  private static void refusedAtOnce(byte[] garbage) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 20 && best > REFUSED_WITHIN.toNanos(); i++) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> CollateralFile.read("garbage", garbage))
          .isInstanceOf(Malformed.class);
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(Duration.ofNanos(best)).isLessThan(REFUSED_WITHIN);
  }

  private static byte[] filled(String start, String unit) {
    return Arrays.copyOf(
        (start + unit.repeat((1 << 20) / unit.length())).getBytes(StandardCharsets.US_ASCII),
        1 << 20);
  }

  /** Nothing is outside the signature: there is no range to leave out. */
  private static void everyByteCounts(byte[] bytes, int step, Believed rest) throws Malformed {
    assertThat(rest.with(bytes)).isEmpty();
    for (int i = 0; i < bytes.length; i += NIGHTLY ? 1 : step) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= (byte) (1 << (i / step % 8));
      assertThat(refused(rest, flipped)).as("byte %d", i).isTrue();
    }
    for (int length : new int[] {bytes.length - 1, bytes.length + 1}) {
      assertThat(refused(rest, Arrays.copyOf(bytes, length))).as("length %d", length).isTrue();
    }
  }

  private static boolean refused(Believed rest, byte[] bytes) {
    try {
      return rest.with(bytes).isPresent();
    } catch (Malformed e) {
      return true;
    }
  }

  private static List<X509Certificate> chain(String file) throws Malformed {
    return Certificates.parsePem("chain", IntelCollateral.text(file, "tcb_info_issuer_chain"));
  }
}
