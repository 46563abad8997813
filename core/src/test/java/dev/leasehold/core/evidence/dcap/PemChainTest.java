package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemChainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN CERTIFICATE-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
        "-----END CERTIFICATE----------BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nMIIE\n"
      })
  void whatIsNoChainIsMalformed(String text) {
    assertThatThrownBy(() -> PemChain.parse(text.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(Malformed.class);
  }
}
