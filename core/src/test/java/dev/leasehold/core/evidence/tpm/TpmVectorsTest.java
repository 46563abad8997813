package dev.leasehold.core.evidence.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields.Value;
import dev.leasehold.core.evidence.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TpmVectorsTest {
  @ParameterizedTest
  @EnumSource
  void genuineOnceItsKeyIsEnrolled(TpmVectors.Case c) throws Malformed {
    Verdict verdict = TpmVectors.verify(c.evidence(), c.enrolled());
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Genuine.class);
    assertThat(refused(claims(verdict)).isEmpty()).isEqualTo(c.acceptedByStrict());
  }

  /** A key that only the evidence names is vouched for by nobody. */
  @ParameterizedTest
  @EnumSource
  void notGenuineByItsOwnWord(TpmVectors.Case c) throws Malformed {
    assertThat(claim(TpmVectors.verify(c.evidence(), Collateral.NONE))).isEqualTo("ak-binding");
  }

  @Test
  void anEnrolledKeyIsOfUseForItselfAlone() throws Malformed {
    assertThat(
            claim(
                TpmVectors.verify(
                    TpmVectors.Case.GCE.evidence(), TpmVectors.Case.RSA_COCO.enrolled())))
        .isEqualTo("ak-binding");
  }

  /** Its certificate is of 2021, below a root that is not the pinned one. */
  @Test
  void certificateOfAnotherAuthorityBindsNothing() throws Malformed {
    TpmEvidence evidence = TpmVectors.Case.GCE.evidence();
    assertThat(evidence.certificates()).hasSize(1);
    Verdict verdict = TpmVectors.verify(evidence, authority());
    assertThat(claim(verdict)).isEqualTo("ak-binding");
    assertThat(verdict.checks().getLast().expected()).contains("tpm_ek_v1_cloud_host-signer");
  }

  /** The stored AK certificates reach the pinned root, so with them only the signature is amiss. */
  @Test
  void certificatesOfThePinnedAuthorityBind() throws Malformed {
    for (String file : List.of("gce-ak-rsa.pem", "gce-ak-ecc.pem")) {
      X509Certificate ak = TpmVectors.certificate(file);
      TpmEvidence quoted = TpmVectors.Case.RSA_COCO.evidence();
      TpmEvidence evidence =
          new TpmEvidence(
              quoted.quotes(), ak.getPublicKey(), Optional.empty(), List.of(ak), Optional.empty());
      Verdict verdict = TpmVectors.verify(evidence, authority());
      assertThat(claim(verdict)).isEqualTo("signature");
      assertThat(verdict.checks().getFirst().claim()).isEqualTo("ak-binding");
      assertThat(verdict.checks().getFirst().got()).contains("CN=218557372616137117");
      assertThat(claim(TpmVectors.verify(evidence, Collateral.NONE))).isEqualTo("ak-binding");
    }
  }

  @Test
  void sha1SignatureAndBankAreRefusedAsWeak() throws Malformed {
    TpmVectors.Case c = TpmVectors.Case.WINDOWS_SHA1;
    TpmClaims claims = claims(TpmVectors.verify(c.evidence(), c.enrolled()));
    assertThat(refused(claims)).extracting(Check::claim).containsExactly("weak-hash");
    assertThat(claims.signatureHash()).isEqualTo(TpmHash.SHA1);
    assertThat(claims.banks()).containsOnlyKeys(TpmHash.SHA1);
    assertThat(text(claims, "pcr0")).isEqualTo("51c323de0c0c694f4601cdd02beb58ff13629f74");
  }

  @Test
  void fieldsOfTheBareQuote() throws Malformed {
    TpmVectors.Case c = TpmVectors.Case.RSA_COCO;
    TpmClaims claims = claims(TpmVectors.verify(c.evidence(), c.enrolled()));
    assertThat(claims.kind()).isEqualTo(EvidenceKind.TPM);
    assertThat(text(claims, "firmwareVersion")).isEqualTo("2019102300163636");
    assertThat(text(claims, "nonce")).startsWith("a04182b5").endsWith("0".repeat(32)).hasSize(128);
    assertThat(claims.fields().values()).containsKeys("pcr0", "pcr23", "clock", "resetCount");
    assertThat(text(claims, "pcrBank")).isEqualTo("sha256");
    assertThat(text(claims, "signatureHash")).isEqualTo("sha256");
  }

  @Test
  void threeQuotesOfOneMomentAndTheLogOfThatBoot() throws Malformed {
    TpmVectors.Case c = TpmVectors.Case.GCE;
    TpmClaims claims = claims(TpmVectors.verify(c.evidence(), c.enrolled()));
    assertThat(text(claims, "nonce")).isEqualTo("9009");
    assertThat(claims.banks()).containsOnlyKeys(TpmHash.SHA1, TpmHash.SHA256, TpmHash.SHA384);
    assertThat(text(claims, "pcr0"))
        .isEqualTo("0f35c214608d93c7a6e68ae7359b4a8be5a0e99eea9107ece427c4dea4e439cf");
    assertThat(claims.fields().values().get("events")).isEqualTo(new Value.Count(44));
    assertThat(PlatformChecks.of(claims, PlatformPolicy.STRICT, TpmVectors.NOW))
        .extracting(Check::claim, Check::ok)
        .contains(tuple("event-log", true));
    EventLog log = claims.log().orElseThrow();
    for (TpmHash bank : log.banks()) {
      Map<Integer, HexBytes> quoted = claims.banks().get(bank);
      assertThat(quoted).containsAllEntriesOf(log.replay(bank));
      assertThat(log.replay(bank)).containsOnlyKeys(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
  }

  @Test
  void logOfAnotherMachineIsRefused() throws Malformed {
    TpmVectors.Case c = TpmVectors.Case.RSA_COCO;
    Collateral other =
        c.enrolled().and(CollateralFile.read("log", TpmVectors.bytes("log-ubuntu2404-snp.bin")));
    TpmClaims claims = claims(TpmVectors.verify(c.evidence(), other));
    assertThat(refused(claims)).extracting(Check::claim).containsExactly("event-log");
  }

  @Test
  void attestOnlyIsReadToItsEnd() throws Malformed {
    byte[] bytes = TpmVectors.bytes("attest-only.bin");
    TpmAttest attest = TpmAttest.parse(bytes);
    assertThat(attest.extraData().hex()).isEqualTo("12345678");
    assertThat(attest.selections()).hasToString("[sha256[0, 1, 2]]");
    assertThat(attest.firmwareVersion().hex()).isEqualTo("2016051100162800");
    assertThat(attest.resetCount()).isEqualTo(16);
    for (int length : new int[] {0, 4, bytes.length - 1, bytes.length + 1}) {
      assertThatThrownBy(() -> TpmAttest.parse(Arrays.copyOf(bytes, length)))
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void publicKeyInPemIsCollateral() throws Malformed {
    TpmEvidence evidence = TpmVectors.Case.RSA_COCO.evidence();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(evidence.key().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    Collateral read = CollateralFile.read("ak.pem", pem.getBytes(StandardCharsets.US_ASCII));
    assertThat(read.attestationKeys()).containsExactly(evidence.key());
    assertThat(TpmVectors.verify(evidence, read)).isInstanceOf(Verdict.Genuine.class);
  }

  static Collateral authority() throws Malformed {
    return Collateral.ofCertificates(
        List.of(
            TpmVectors.certificate("gce-akca-intermediate.der"),
            TpmVectors.certificate("gce-akca-root.der")));
  }

  static TpmClaims claims(Verdict verdict) {
    return (TpmClaims) ((Verdict.Genuine) verdict).claims();
  }

  static List<Check> refused(TpmClaims claims) {
    return PlatformChecks.of(claims, PlatformPolicy.STRICT, TpmVectors.NOW).stream()
        .filter(check -> !check.ok())
        .toList();
  }

  static String claim(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine _ -> "genuine";
      case Verdict.Refused(var refusal, _) -> refusal.claim();
    };
  }

  private static String text(TpmClaims claims, String field) {
    return ((Value.Text) claims.fields().values().get(field)).text();
  }
}
