package dev.leasehold.testkit.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.CertId;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.OcspRequest;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Questions to a responder, beside those another implementation writes; and what answers repeat.
 */
class OcspRequestTest {
  private static final Instant NOW = Instant.parse("2026-02-20T00:00:00Z");
  private static final EcAuthority ISSUER =
      EcAuthority.root(
          "CN=SIMULATED issuer",
          Curve.P384,
          NOW.minus(Duration.ofDays(9)),
          NOW.plus(Duration.ofDays(9)),
          1);
  private static final X509Certificate SUBJECT = subject();

  private static X509Certificate subject() {
    KeyPair key = Curve.P384.newKey();
    return ISSUER.issue(
        CertificateSpec.endEntity(
            "CN=SIMULATED subject",
            key.getPublic(),
            NOW.minus(Duration.ofDays(1)),
            NOW.plus(Duration.ofDays(1))));
  }

  private static CertId id() {
    return CertId.of(CertId.HashAlgorithm.SHA384, SUBJECT, ISSUER.certificate());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32, 127, 128})
  void isWhatAnotherImplementationWrites(int nonceBytes) throws Exception {
    byte[] nonce = new byte[nonceBytes];
    OCSPReqBuilder other = new OCSPReqBuilder();
    other.addRequest(
        new CertificateID(
            new JcaDigestCalculatorProviderBuilder()
                .build()
                .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384, DERNull.INSTANCE)),
            new JcaX509CertificateHolder(ISSUER.certificate()),
            SUBJECT.getSerialNumber()));
    if (nonceBytes > 0) {
      other.setRequestExtensions(
          new Extensions(
              new Extension(
                  OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                  false,
                  new DEROctetString(nonce).getEncoded())));
    }
    Optional<Bytes> ours = Optional.of(Bytes.of(nonce)).filter(n -> !n.isEmpty());
    assertThat(new OcspRequest(id(), ours).encoded()).isEqualTo(other.build().getEncoded());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129})
  void aNonceIsOneThatRespondersTake(int bytes) {
    assertThatThrownBy(() -> new OcspRequest(id(), Optional.of(Bytes.of(new byte[bytes]))))
        .hasMessageContaining("1 to 128 bytes");
  }

  @Test
  void theNameIsThatOfTheAnswer() throws Malformed {
    OcspAnswer answer = new OcspForger(ISSUER).forge(OcspFlaw.NONE, SUBJECT, NOW);
    assertThat(answer.responses().getFirst().certId()).isEqualTo(id());
    assertThat(answer.nonce()).isEmpty();
  }

  @Test
  void theNonceIsReadFromTheAnswer() throws Malformed {
    Optional<Bytes> nonce = Optional.of(Bytes.of(new byte[] {1, 2, 3}));
    byte[] der = new OcspForger(ISSUER).der(OcspFlaw.NONE, SUBJECT, NOW, nonce);
    assertThat(OcspAnswer.parse("answer", der).nonce()).isEqualTo(nonce);
  }
}
