package dev.leasehold.testkit.tpm;

/** The one thing that is wrong with forged quotes, and the claim that must be refused for it. */
public enum Flaw {
  NONE(""),

  MAGIC(Flaw.MALFORMED),
  NOT_A_QUOTE(Flaw.MALFORMED),
  ATTEST_TOO_LONG(Flaw.MALFORMED),
  ATTEST_TOO_SHORT(Flaw.MALFORMED),
  SELECTS_NOTHING(Flaw.MALFORMED),
  BANK_TWICE(Flaw.MALFORMED),
  SIGNATURE_TOO_LONG(Flaw.MALFORMED),
  SIGNATURE_SCHEME(Flaw.MALFORMED),
  PCR_OF_ANOTHER_LENGTH(Flaw.MALFORMED),
  AREA_TOO_LONG(Flaw.MALFORMED),
  LOG_TOO_SHORT(Flaw.MALFORMED),
  LOG_LOCALITY_TOO_LATE(Flaw.MALFORMED),
  LOG_DIGEST_TWICE(Flaw.MALFORMED),

  CERTIFICATE_MISSING("ak-binding"),
  CERTIFICATE_OF_ANOTHER_KEY("ak-binding"),
  CERTIFICATE_EXPIRED("ak-binding"),
  CERTIFICATE_NOT_YET_VALID("ak-binding"),
  CERTIFICATE_FOR_ENCRYPTION("ak-binding"),
  CERTIFICATE_OF_AN_AUTHORITY("ak-binding"),
  CERTIFICATE_SIGNED_WITH_SHA384("ak-binding"),
  CERTIFICATE_OF_FOREIGN_INTERMEDIATE("ak-binding"),
  INTERMEDIATE_MISSING("ak-binding"),
  UNPINNED_ROOT("ak-binding"),
  CERTIFICATE_REVOKED("crl"),
  INTERMEDIATE_REVOKED("crl"),
  LIST_FORGED("crl"),
  LIST_EXPIRED("crl"),

  NOT_RESTRICTED("ak-attributes"),
  NOT_FOR_SIGNING("ak-attributes"),
  MAY_DECRYPT("ak-attributes"),
  MAY_LEAVE_THE_TPM("ak-attributes"),
  MAY_LEAVE_ITS_PARENT("ak-attributes"),
  MADE_OUTSIDE("ak-attributes"),

  SIGNATURE_BROKEN("signature"),
  SIGNED_BY_ANOTHER_KEY("signature"),
  NONCE_CHANGED("signature"),
  PCR_NOT_SELECTED("pcr-selection"),
  PCR_NOT_SENT("pcr-selection"),
  BANK_NOT_SELECTED("pcr-selection"),
  PCR_CHANGED("pcr-digest"),
  PCRS_SWAPPED("pcr-digest"),
  DIGEST_BY_ANOTHER_HASH("pcr-digest"),

  SIGNED_WITH_SHA1("weak-hash"),
  SHA1_BANK("weak-hash"),
  LOG_WITHOUT_AN_EVENT("event-log"),
  LOG_DIGEST_CHANGED("event-log"),
  LOG_EVENT_MADE_INFORMATIVE("event-log"),
  LOG_LOCALITY("event-log"),
  LOG_SEPARATOR_TWICE("event-log"),
  LOG_SEPARATOR_OF_AN_ERROR("event-log"),
  LOG_ENDS_BEFORE_THE_BOOT("event-log"),
  LOG_OF_ANOTHER_BANK("event-log");

  /** Stands for a refusal by the parser, before there is any claim. */
  public static final String MALFORMED = "malformed";

  private final String claim;

  Flaw(String claim) {
    this.claim = claim;
  }

  public String claim() {
    return claim;
  }
}
