package dev.leasehold.testkit.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.Vendor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An OCSP answer wrong in exactly one way is refused for exactly that. */
class OcspFlawTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Instant FROM = NOW.minus(Duration.ofDays(900));
  private static final Instant TO = NOW.plus(Duration.ofDays(900));

  private static final EcAuthority ISSUER =
      EcAuthority.root("CN=SIMULATED Device CA,O=SIMULATED", Curve.P384, FROM, TO, 2);
  private static final X509Certificate SUBJECT =
      ISSUER.issue(
          CertificateSpec.authority(
              "CN=SIMULATED Device", Curve.P384.newKey().getPublic(), FROM, TO, 0));
  private static final OcspForger FORGER = new OcspForger(ISSUER);

  @ParameterizedTest
  @EnumSource
  void isRefusedForItsOwnReason(OcspFlaw flaw) {
    try {
      Optional<Fault> fault = fault(FORGER.forge(flaw, SUBJECT, NOW));
      assertThat(fault.isPresent()).isEqualTo(!flaw.expected().isEmpty());
      fault.ifPresent(f -> {
        assertThat(f.expected()).contains(flaw.expected());
        assertThat(f.got()).isNotEmpty();
        assertThat(f.remedy()).isNotEmpty();
      });
    } catch (Malformed e) {
      assertThat(flaw.expected()).as(e.getMessage()).isEqualTo(OcspFlaw.MALFORMED);
    }
  }

  @Test
  void holdAndRevocationAreToldApart() throws Malformed {
    assertThat(got(OcspFlaw.ON_HOLD)).startsWith("on hold (certificateHold) since ");
    assertThat(got(OcspFlaw.REVOKED)).endsWith("(KEY_COMPROMISE)").startsWith("revoked since ");
    assertThat(got(OcspFlaw.REVOKED_WITHOUT_REASON)).startsWith("revoked since ");
    assertThat(got(OcspFlaw.UNKNOWN)).isEqualTo("unknown to its responder");
  }

  @Test
  void theNewestAnswerDecides() throws Malformed {
    OcspAnswer before = FORGER.forge(OcspFlaw.NONE, SUBJECT, NOW.minusSeconds(60));
    OcspAnswer after = FORGER.forge(OcspFlaw.REVOKED, SUBJECT, NOW);
    for (List<OcspAnswer> both : List.of(List.of(before, after), List.of(after, before))) {
      assertThat(OcspAnswer.newest(both, SUBJECT, ISSUER.certificate()))
          .hasValueSatisfying(a -> assertThat(a.sha256()).isEqualTo(after.sha256()));
    }
  }

  @Test
  void anAnswerOfAnotherVendorsAlgorithmIsRefused() throws Malformed {
    OcspAnswer answer = FORGER.forge(OcspFlaw.NONE, SUBJECT, NOW);
    assertThat(answer.fault(Vendor.INTEL, SUBJECT, ISSUER.certificate(), NOW))
        .hasValueSatisfying(f -> assertThat(f.expected()).contains("SHA256withECDSA"));
  }

  private static String got(OcspFlaw flaw) throws Malformed {
    return fault(FORGER.forge(flaw, SUBJECT, NOW)).orElseThrow().got();
  }

  private static Optional<Fault> fault(OcspAnswer answer) {
    return answer.fault(Vendor.NVIDIA, SUBJECT, ISSUER.certificate(), NOW);
  }
}
