package dev.leasehold.core.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.testing.Shared;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CertificatesTest {
  @Test
  void aChainWithADamagedLineIsNoShorterChain() throws Exception {
    String pem =
        new String(Shared.read("vectors/snp/milan.ask-ark.pem"), StandardCharsets.US_ASCII);
    assertThat(Certificates.parsePem("chain", pem)).hasSize(2);
    int second = pem.lastIndexOf("-----BEGIN");
    refused(pem.substring(0, second + 100) + "*" + pem.substring(second + 101), "1 of 2");
    refused(pem.replace("-----END CERTIFICATE-----", "-----END-----"), "0 of 2");
  }

  @Test
  void aTextWithoutCertificatesIsNoChain() {
    byte[] text = "-----BEGIN X509 CRL-----\nAAAA\n".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> Certificates.parseAny("chain", text)).isInstanceOf(Malformed.class);
  }

  private static void refused(String pem, String found) {
    assertThatThrownBy(() -> Certificates.parsePem("chain", pem))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(found);
  }
}
