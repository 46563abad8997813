package dev.leasehold.core.evidence.dcap;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No byte of an accepted quote can change unnoticed. */
class DcapCorruptionTest {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

  static List<DcapVectors.Case> accepted() {
    return DcapVectors.accepted();
  }

  /**
   * The verifying party holds no certificates of its own here, so that it needs all that the quote
   * embeds.
   */
  @ParameterizedTest
  @MethodSource("accepted")
  void everyByteOfTheQuoteIsGuarded(DcapVectors.Case c) {
    Collateral held = withoutCertificates(c.collateral());
    assertThat(survives(c, c.quote(), held)).isTrue();
    int fixed = chainStart(c);
    for (int i = 0; i < c.quote().length; i += NIGHTLY || i < fixed ? 1 : 16) {
      assertThat(survives(c, Fuzz.flipped(c.quote(), i), held)).as("byte %d", i).isFalse();
    }
  }

  /**
   * Outside what is signed: the issuers that a quote embeds, from its second certificate to the end
   * of the chain, when the verifying party holds them itself. Nothing else.
   */
  @ParameterizedTest
  @MethodSource("accepted")
  void onlyTheEmbeddedIssuersMayChangeWhereTheVerifierHoldsThem(DcapVectors.Case c)
      throws Malformed {
    int issuers = text(c).indexOf(BEGIN, chainStart(c) + 1);
    int end = c.quote().length - Quote.parse(c.quote()).trailing().bytes();
    for (int i = chainStart(c); i < c.quote().length; i += NIGHTLY ? 1 : 16) {
      if (survives(c, Fuzz.flipped(c.quote(), i), c.collateral())) {
        assertThat(i).isBetween(issuers, end - 1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void aQuoteEndsWhereItSays(DcapVectors.Case c) throws Malformed {
    int end = c.quote().length - Quote.parse(c.quote()).trailing().bytes();
    for (int cut : new int[] {0, 1, 47, 48, 431, 432, end / 2, end - 1}) {
      assertThatThrownBy(() -> Quote.parse(Arrays.copyOf(c.quote(), cut)))
          .isInstanceOf(Malformed.class)
          .hasMessageStartingWith("quote");
    }
    byte[] padded = Arrays.copyOf(c.quote(), c.quote().length + 1);
    assertThat(survives(c, padded, c.collateral())).isTrue();
    padded[padded.length - 1] = 1;
    assertThat(survives(c, padded, c.collateral())).isFalse();
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void everyLengthIsExact(DcapVectors.Case c) {
    int data = c.quote().length - trailing(c) - chainStart(c);
    for (int at : lengthFields(c)) {
      byte[] more = c.quote();
      more[at]++;
      byte[] less = c.quote();
      less[at]--;
      assertThatThrownBy(() -> Quote.parse(more)).isInstanceOf(Malformed.class);
      assertThatThrownBy(() -> Quote.parse(less)).isInstanceOf(Malformed.class);
    }
    assertThat(data).isPositive();
  }

  /** Where the lengths of signature data, certification data and chain stand. */
  private static List<Integer> lengthFields(DcapVectors.Case c) {
    int body =
        switch (c.quote()[0]) {
          case 3 -> 48 + SgxReport.BYTES;
          case 4 -> 48 + TdReport.BYTES_1_0;
          default -> 54 + TdReport.BYTES_1_5;
        };
    int chain = chainStart(c) - 4;
    return c.quote()[0] == 3 ? List.of(body, chain) : List.of(body, body + 4 + 128 + 2, chain);
  }

  private static int trailing(DcapVectors.Case c) {
    try {
      return Quote.parse(c.quote()).trailing().bytes();
    } catch (Malformed e) {
      throw new AssertionError(e);
    }
  }

  private static int chainStart(DcapVectors.Case c) {
    return text(c).indexOf(BEGIN);
  }

  private static String text(DcapVectors.Case c) {
    return new String(c.quote(), StandardCharsets.ISO_8859_1);
  }

  private static Collateral withoutCertificates(Collateral c) {
    return Collateral.ofRevocations(c.revocations())
        .and(Collateral.ofTcbInfos(c.tcbInfos()))
        .and(Collateral.ofQeIdentities(c.qeIdentities()));
  }

  private static boolean survives(DcapVectors.Case c, byte[] quote, Collateral held) {
    try {
      return c.verify(quote, held, c.inside()) instanceof Verdict.Genuine(VerifiedClaims claims, _)
          && PlatformChecks.of(claims, PlatformPolicy.STRICT, c.inside()).stream()
              .allMatch(Check::ok);
    } catch (Malformed e) {
      return false;
    }
  }
}
