package dev.leasehold.testkit.pki;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.OcspAnswer;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** An issuer's OCSP responder: its answers are right in everything but the flaw asked for. */
public final class OcspForger {
  private static final Duration LIFETIME = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(365);

  private final EcAuthority issuer;
  private final KeyPair responder;

  public OcspForger(EcAuthority issuer) {
    this.issuer = issuer;
    this.responder = issuer.curve().newKey();
  }

  /** An answer about {@code subject}, made an hour before {@code now}. */
  public OcspAnswer forge(OcspFlaw flaw, X509Certificate subject, Instant now) throws Malformed {
    return OcspAnswer.parse("forged OCSP answer", der(flaw, subject, now));
  }

  public byte[] der(OcspFlaw flaw, X509Certificate subject, Instant now) {
    return der(flaw, subject, now, Optional.empty());
  }

  /** The same, with what the question had to be repeated. */
  public byte[] der(OcspFlaw flaw, X509Certificate subject, Instant now, Optional<Bytes> nonce) {
    EcAuthority signer = signer(flaw, now);
    Instant from = thisUpdate(flaw, now);
    try {
      BasicOCSPRespBuilder b = new BasicOCSPRespBuilder(responderId(flaw, signer));
      b.addResponse(
          certificateId(flaw, subject),
          status(flaw, from),
          Date.from(from),
          flaw == OcspFlaw.NO_NEXT_UPDATE ? null : Date.from(from.plus(LIFETIME)),
          flaw == OcspFlaw.CRITICAL_EXTENSION ? critical() : null);
      nonce.map(OcspForger::repeated).ifPresent(b::setResponseExtensions);
      X509CertificateHolder[] chain =
          flaw == OcspFlaw.BY_THE_ISSUER_ITSELF || flaw == OcspFlaw.RESPONDER_MISSING
              ? new X509CertificateHolder[0]
              : new X509CertificateHolder[] {new JcaX509CertificateHolder(signer.certificate())};
      EcAuthority actual =
          flaw == OcspFlaw.SIGNED_BY_ANOTHER_KEY
              ? issuer.certify(issuer.curve().newKey(), spec(now))
              : signer;
      int outcome =
          flaw == OcspFlaw.UNSUCCESSFUL ? OCSPRespBuilder.TRY_LATER : OCSPRespBuilder.SUCCESSFUL;
      return new OCSPRespBuilder()
          .build(outcome, b.build(actual.signer(), chain, Date.from(from)))
          .getEncoded();
    } catch (OCSPException
        | OperatorCreationException
        | CertificateEncodingException
        | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private EcAuthority signer(OcspFlaw flaw, Instant now) {
    CertificateSpec spec = spec(now);
    return switch (flaw) {
      case BY_THE_ISSUER_ITSELF -> issuer;
      case RESPONDER_WITHOUT_PURPOSE -> issuer.certify(responder, spec.withPurposes());
      case RESPONDER_FOR_ANY_PURPOSE ->
          issuer.certify(responder, spec.withPurposes(KeyPurposeId.anyExtendedKeyUsage));
      case RESPONDER_EXPIRED ->
          issuer.certify(responder, spec.withValidity(now.minus(YEAR), now.minusSeconds(7200)));
      case RESPONDER_OF_THE_FUTURE ->
          issuer.certify(responder, spec.withValidity(now.plusSeconds(60), now.plus(YEAR)));
      case RESPONDER_OF_ANOTHER_ISSUER -> namesake(now).certify(responder, spec);
      default -> issuer.certify(responder, spec);
    };
  }

  /** An authority under the issuer's name with a key of its own. */
  private EcAuthority namesake(Instant now) {
    return EcAuthority.root(
        issuer.name().toString(), issuer.curve(), now.minus(YEAR), now.plus(YEAR), 1);
  }

  private CertificateSpec spec(Instant now) {
    return CertificateSpec.endEntity(
            "CN=SIMULATED OCSP Responder", responder.getPublic(), now.minus(YEAR), now.plus(YEAR))
        .withPurposes(KeyPurposeId.id_kp_OCSPSigning);
  }

  private static Instant thisUpdate(OcspFlaw flaw, Instant now) {
    return switch (flaw) {
      case EXPIRED -> now.minus(LIFETIME.plusSeconds(1));
      case OF_THE_FUTURE -> now.plusSeconds(60);
      default -> now.minusSeconds(3600);
    };
  }

  private static RespID responderId(OcspFlaw flaw, EcAuthority signer)
      throws OperatorCreationException, OCSPException, CertificateEncodingException {
    X509CertificateHolder holder = new JcaX509CertificateHolder(signer.certificate());
    return flaw == OcspFlaw.NAMED_BY_SUBJECT
        ? new RespID(holder.getSubject())
        : new RespID(
            holder.getSubjectPublicKeyInfo(),
            new JcaDigestCalculatorProviderBuilder().build().get(RespID.HASH_SHA1));
  }

  private CertificateID certificateId(OcspFlaw flaw, X509Certificate subject)
      throws OperatorCreationException, OCSPException, CertificateEncodingException {
    BigInteger serial = subject.getSerialNumber();
    AlgorithmIdentifier hash =
        new AlgorithmIdentifier(
            flaw == OcspFlaw.HASHED_WITH_SHA1
                ? OIWObjectIdentifiers.idSHA1
                : NISTObjectIdentifiers.id_sha384);
    return new CertificateID(
        new JcaDigestCalculatorProviderBuilder().build().get(hash),
        new JcaX509CertificateHolder(issuer.certificate()),
        flaw == OcspFlaw.ANOTHER_SERIAL ? serial.add(BigInteger.TWO) : serial);
  }

  private static CertificateStatus status(OcspFlaw flaw, Instant when) {
    return switch (flaw) {
      case REVOKED -> new RevokedStatus(Date.from(when), CRLReason.keyCompromise);
      case REVOKED_WITHOUT_REASON -> new RevokedStatus(Date.from(when));
      case ON_HOLD -> new RevokedStatus(Date.from(when), CRLReason.certificateHold);
      case UNKNOWN -> new UnknownStatus();
      default -> CertificateStatus.GOOD;
    };
  }

  private static Extensions repeated(Bytes nonce) {
    try {
      byte[] octets = new DEROctetString(nonce.toArray()).getEncoded();
      return new Extensions(new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, octets));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Extensions critical() {
    return new Extensions(new Extension(Extension.invalidityDate, true, new byte[] {0x05, 0x00}));
  }
}
