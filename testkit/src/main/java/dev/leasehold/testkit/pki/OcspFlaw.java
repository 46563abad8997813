package dev.leasehold.testkit.pki;

/** The one thing that is wrong with a forged OCSP answer, and a word of what it is refused for. */
public enum OcspFlaw {
  NONE(""),
  NAMED_BY_SUBJECT(""),
  BY_THE_ISSUER_ITSELF(""),

  UNSUCCESSFUL(OcspFlaw.MALFORMED),
  NO_NEXT_UPDATE(OcspFlaw.MALFORMED),
  HASHED_WITH_SHA1(OcspFlaw.MALFORMED),
  CRITICAL_EXTENSION(OcspFlaw.MALFORMED),

  ANOTHER_SERIAL("an OCSP answer about"),
  RESPONDER_MISSING("or a responder it names"),
  RESPONDER_WITHOUT_PURPOSE("id-kp-OCSPSigning"),
  RESPONDER_FOR_ANY_PURPOSE("id-kp-OCSPSigning"),
  RESPONDER_EXPIRED("valid from"),
  RESPONDER_OF_THE_FUTURE("valid from"),
  RESPONDER_OF_ANOTHER_ISSUER("issued by the certificate above it"),
  SIGNED_BY_ANOTHER_KEY("an OCSP answer signed by"),
  EXPIRED("an OCSP answer current at"),
  OF_THE_FUTURE("an OCSP answer current at"),
  REVOKED("good"),
  REVOKED_WITHOUT_REASON("good"),
  ON_HOLD("good"),
  UNKNOWN("good");

  /** Stands for a refusal by the parser. */
  public static final String MALFORMED = "malformed";

  private final String expected;

  OcspFlaw(String expected) {
    this.expected = expected;
  }

  /** Empty for what is no flaw: the allowed forms of an answer. */
  public String expected() {
    return expected;
  }
}
