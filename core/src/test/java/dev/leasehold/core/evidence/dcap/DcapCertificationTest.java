package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.PinnedAnchors;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Certification data, which no signature covers: a genuine quote stays genuine whatever names its
 * PCK, as long as the certificate is found and reaches the pinned root.
 */
class DcapCertificationTest {
  private static final String END = "-----END CERTIFICATE-----\n";

  private final DcapVectors.Case sgx = DcapVectors.byId("sgx-2");
  private final String chain = chain();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aQuoteMayNameItsPlatformAlone(int type) throws Malformed {
    byte[] quote = certified(type, new byte[36]);
    List<X509Certificate> own = Certificates.parsePem("chain", chain);
    assertThat(verify(quote, Collateral.NONE, List.of())).isEqualTo("chain");
    assertThat(verify(quote, Collateral.ofCertificates(own), List.of())).isEqualTo("genuine");
    assertThat(verify(quote, Collateral.NONE, own)).isEqualTo("genuine");
    assertThat(verify(quote, Collateral.NONE, own.subList(0, 1))).isEqualTo("genuine");
    assertThat(verify(quote, Collateral.NONE, own.subList(1, 3))).isEqualTo("chain");
  }

  @Test
  void amongSeveralPcksTheOneThatSignedIsTaken() throws Malformed {
    List<X509Certificate> certificates = new ArrayList<>();
    for (DcapVectors.Case other : DcapVectors.genuine()) {
      certificates.addAll(Quote.parse(other.quote()).certification().certificates());
    }
    byte[] quote = certified(1, new byte[36]);
    assertThat(verify(quote, Collateral.NONE, certificates)).isEqualTo("genuine");
    certificates.removeAll(Certificates.parsePem("chain", chain).subList(0, 1));
    assertThat(verify(quote, Collateral.NONE, certificates)).isEqualTo("chain");
  }

  @Test
  void theCertificateAloneWillDoWhereTheVerifierHasItsIssuers() throws Malformed {
    byte[] leaf = ascii(chain.substring(0, chain.indexOf(END) + END.length()));
    assertThat(verify(certified(4, leaf), Collateral.NONE, List.of())).isEqualTo("genuine");
    assertThat(verify(certified(5, leaf), Collateral.NONE, List.of())).isEqualTo("genuine");
  }

  @Test
  void aPckOfAnotherPlatformDidNotSign() throws Malformed {
    DcapVectors.Case other = DcapVectors.byId("sgx-3");
    byte[] data = ascii(chain(other));
    assertThat(verify(certified(5, data), Collateral.NONE, List.of())).isEqualTo("qe-signature");
  }

  @Test
  void aChainThatDoesNotBeginWithThePckIsRefused() throws Malformed {
    byte[] issuers = ascii(chain.substring(chain.indexOf(END) + END.length()));
    assertThat(verify(certified(5, issuers), Collateral.NONE, List.of())).isEqualTo("chain");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 7, 65_535})
  void otherKindsOfCertificationDataAreRefused(int type) {
    assertThatThrownBy(() -> Quote.parse(certified(type, ascii(chain))))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("certification data type");
  }

  @Test
  void lineBreaksMayDiffer() throws Malformed {
    for (String same :
        List.of(chain, chain + "\0", chain.replace("\n", "\r\n"), chain.strip(), chain + "\n\n")) {
      assertThat(Quote.parse(certified(5, ascii(same))).certification().certificates()).hasSize(3);
    }
  }

  @Test
  void nothingElseMayStandInAChain() {
    String begin = "-----BEGIN CERTIFICATE-----\n";
    int second = chain.indexOf(begin, 1);
    for (String other :
        List.of(
            "",
            "\0",
            "\n" + chain,
            chain + " ",
            chain + "\0\0",
            chain + "x",
            chain + "\0x",
            chain.substring(0, second) + "# issuer\n" + chain.substring(second),
            chain.replaceFirst("\n", "\n "),
            chain.replaceFirst("MII", "MI\tI"),
            chain.replaceFirst("BEGIN", "BEGYN"),
            chain.replaceFirst("END CERTIFICATE", "END CERTIFICAT"),
            chain.replaceFirst("=", ""),
            chain.repeat(3))) {
      assertThatThrownBy(() -> Quote.parse(certified(5, ascii(other))))
          .as(other.substring(0, Math.min(40, other.length())))
          .isInstanceOf(Malformed.class);
    }
  }

  private String verify(byte[] quote, Collateral own, List<X509Certificate> host) throws Malformed {
    return DcapVectorsTest.claim(
        Verifier.verify(
            new DcapEvidence(Quote.parse(quote), host),
            sgx.collateral().and(own),
            PinnedAnchors.ANCHORS,
            sgx.inside()));
  }

  private String chain() {
    return chain(sgx);
  }

  private static String chain(DcapVectors.Case c) {
    String text = new String(c.quote(), StandardCharsets.ISO_8859_1);
    return text.substring(text.indexOf("-----BEGIN"), text.lastIndexOf(END) + END.length());
  }

  /** The genuine quote with other certification data. */
  private byte[] certified(int type, byte[] data) {
    int header = new String(sgx.quote(), StandardCharsets.ISO_8859_1).indexOf("-----BEGIN") - 6;
    byte[] out = Arrays.copyOf(sgx.quote(), header + 6 + data.length);
    out[header] = (byte) type;
    out[header + 1] = (byte) (type >> 8);
    DcapFuzzTest.littleEndian(out, header + 2, data.length);
    int signatureData = 48 + SgxReport.BYTES;
    DcapFuzzTest.littleEndian(out, signatureData, out.length - signatureData - 4);
    System.arraycopy(data, 0, out, header + 6, data.length);
    return out;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
