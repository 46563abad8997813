package dev.leasehold.core.evidence.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields.Value;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.evidence.tpm.TpmQuote;
import dev.leasehold.core.pki.PinnedAnchors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AzureVectorsTest {
  @ParameterizedTest
  @EnumSource
  void genuineAndJudgedAsExpected(AzureVectors.Case c) throws Malformed {
    Verdict verdict = c.verify(c.evidence());
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Genuine.class);
    assertThat(PlatformChecks.of(claims(verdict), PlatformPolicy.STRICT, c.inside()))
        .filteredOn(check -> !check.ok())
        .extracting(Check::claim)
        .containsExactlyElementsOf(c.refusedByStrict());
  }

  @Test
  void fieldsOfHardwareParavisorAndQuote() throws Malformed {
    AzureClaims genoa = claims(AzureVectors.Case.GENOA);
    assertThat(genoa.kind()).isEqualTo(EvidenceKind.AZURE);
    assertThat(text(genoa, "hardware")).isEqualTo("snp");
    assertThat(text(genoa, "nonce")).startsWith("0218488b");
    assertThat(text(genoa, "reportData"))
        .startsWith("b581f12e29a2d7d64e5e0b738d563879a78b51c644d0fa0cce02b48699f6bf5f");
    assertThat(text(genoa, "pcr0")).startsWith("afd689d0");
    assertThat(text(genoa, "vmUniqueId")).isEqualTo("390CBCF5-6C67-4D9B-98EF-C3F1699CC8FC");
    assertThat(genoa.fields().values().get("secureBoot")).isEqualTo(new Value.Flag(true));
    assertThat(genoa.platformId()).startsWith("sev-snp:");
    assertThat(genoa.hardware().measurement().hex()).startsWith("f57dc09a");
    assertThat(genoa.measurement()).isNotEqualTo(genoa.hardware().measurement());
    AzureClaims milan = claims(AzureVectors.Case.MILAN);
    assertThat(text(milan, "nonce")).startsWith("982f5c6e45df");
    assertThat(text(milan, "userData")).startsWith("982f5c6e45df").hasSize(128);
    assertThat(milan.measurement()).isNotEqualTo(genoa.measurement());
  }

  /** The quote's extraData must be exactly the first 32 bytes of the report data demanded. */
  @Test
  void bindsNothingThatItsNonceIsNot() throws Malformed {
    AzureClaims milan = claims(AzureVectors.Case.MILAN);
    assertThat(milan.reportData()).isEqualTo(milan.extraData());
    byte[] same = Arrays.copyOf(milan.extraData().bytes(), ReportData.BYTES);
    assertThat(milan.binds(ReportData.of(same))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void refusedOutsideTheWindowOfItsHardware(AzureVectors.Case c) throws Malformed {
    for (String when : List.of("2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z")) {
      assertThat(claim(c.verifyAt(c.evidence(), Instant.parse(when)))).isEqualTo("chain");
    }
  }

  @ParameterizedTest
  @EnumSource
  void notGenuineWithoutCollateral(AzureVectors.Case c) throws Malformed {
    assertThat(
            claim(
                Verifier.verify(c.evidence(), Collateral.NONE, PinnedAnchors.ANCHORS, c.inside())))
        .isEqualTo(c == AzureVectors.Case.TDX ? "crl" : "chain");
  }

  /** The reports of two machines swapped: the quote is of another key than the report binds. */
  @Test
  void hclReportOfAnotherMachineIsRefused() throws Malformed {
    AzureEvidence genoa = AzureVectors.Case.GENOA.evidence();
    AzureEvidence milan = AzureVectors.Case.MILAN.evidence();
    AzureEvidence quoteOfTheOther = new AzureEvidence(genoa.hcl(), genoa.hardware(), milan.quote());
    assertThat(claim(AzureVectors.Case.GENOA.verify(quoteOfTheOther))).isEqualTo("signature");
    AzureEvidence runtimeOfTheOther =
        new AzureEvidence(milan.hcl(), genoa.hardware(), milan.quote());
    assertThat(claim(AzureVectors.Case.GENOA.verify(runtimeOfTheOther))).isEqualTo("runtime-data");
  }

  @Test
  void trustDomainIsTheOneThatWasQuoted() throws Malformed {
    AzureVectors.Case c = AzureVectors.Case.TDX;
    AzureClaims tdx = claims(c);
    assertThat(text(tdx, "hardware")).isEqualTo("tdx");
    assertThat(text(tdx, "mrTd")).startsWith("024a32b0");
    assertThat(tdx.tcb().status()).isEqualTo("OutOfDate");
    assertThat(tdx.tcb().advisories())
        .containsExactlyInAnyOrder("INTEL-SA-00960", "INTEL-SA-00982", "INTEL-SA-00986");
    assertThat(tdx.extraData())
        .isEqualTo(HexBytes.of("challenge".getBytes(StandardCharsets.US_ASCII)));
    assertThat(tdx.reportData()).isEqualTo(tdx.extraData());
    HclReport hcl = c.evidence().hcl();
    TdReportStruct td = hcl.tdReport().orElseThrow();
    TdReportStruct other = new TdReportStruct(td.reportData(), td.tcbInfo(), new HexBytes("00"));
    HclReport changed =
        new HclReport(
            hcl.type(), hcl.hardware(), Optional.of(other), hcl.runtimeData(), hcl.runtime());
    AzureEvidence evidence = c.evidence();
    assertThat(claim(c.verify(new AzureEvidence(changed, evidence.hardware(), evidence.quote()))))
        .isEqualTo("td-report");
  }

  @ParameterizedTest
  @EnumSource
  void changedRegistersAreRefused(AzureVectors.Case c) throws Malformed {
    AzureEvidence evidence = c.evidence();
    TpmQuote quote = evidence.quote();
    List<HexBytes> pcrs = new ArrayList<>(quote.pcrs().get(TpmHash.SHA256).values());
    for (int i = 0; i < pcrs.size(); i++) {
      List<HexBytes> changed = new ArrayList<>(pcrs);
      byte[] flipped = pcrs.get(i).bytes();
      flipped[i] ^= 1;
      changed.set(i, HexBytes.of(flipped));
      assertThat(claim(c.verify(with(evidence, changed)))).isEqualTo("pcr-digest");
    }
    assertThat(claim(c.verify(with(evidence, pcrs.subList(0, 23))))).isEqualTo("pcr-selection");
    pcrs.add(pcrs.getFirst());
    assertThat(claim(c.verify(with(evidence, pcrs)))).isEqualTo("pcr-selection");
  }

  private static AzureEvidence with(AzureEvidence e, List<HexBytes> pcrs) throws Malformed {
    TpmQuote quote = TpmQuote.ofSha256(e.quote().attest(), e.quote().signature(), pcrs);
    return new AzureEvidence(e.hcl(), e.hardware(), quote);
  }

  static AzureClaims claims(AzureVectors.Case c) throws Malformed {
    return claims(c.verify(c.evidence()));
  }

  static AzureClaims claims(Verdict verdict) {
    return (AzureClaims) ((Verdict.Genuine) verdict).claims();
  }

  static String claim(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine _ -> "genuine";
      case Verdict.Refused(var refusal, _) -> refusal.claim();
    };
  }

  private static String text(AzureClaims claims, String field) {
    return ((Value.Text) claims.fields().values().get(field)).text();
  }
}
