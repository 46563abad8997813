package dev.leasehold.testkit.azure;

/** The one thing that is wrong with forged evidence, and the claim that must be refused for it. */
public enum Flaw {
  NONE(""),

  HCL_TOO_SHORT(Flaw.MALFORMED),
  HCL_TOO_LONG(Flaw.MALFORMED),
  HCL_SIGNATURE(Flaw.MALFORMED),
  HCL_REQUEST_TYPE(Flaw.MALFORMED),
  HCL_PADDING(Flaw.MALFORMED),
  HCL_REPORT_TYPE(Flaw.MALFORMED),
  HCL_HASH_TYPE(Flaw.MALFORMED),
  RUNTIME_DATA_TOO_LONG(Flaw.MALFORMED),
  RUNTIME_DATA_NO_JSON(Flaw.MALFORMED),
  KEY_MISSING(Flaw.MALFORMED),
  KEY_TWICE(Flaw.MALFORMED),
  KEY_FOR_ENCRYPTION(Flaw.MALFORMED),
  PCR_OF_ANOTHER_LENGTH(Flaw.MALFORMED),

  HARDWARE_UNPINNED("chain"),
  HARDWARE_REPORT_CHANGED("signature"),
  REPORT_OF_THE_GUEST("paravisor"),
  RUNTIME_DATA_CHANGED("runtime-data"),
  RUNTIME_DATA_RESPELLED("runtime-data"),
  REPORT_DATA_NOT_ZERO_BEHIND("runtime-data"),
  QUOTE_OF_ANOTHER_KEY("signature"),
  QUOTE_SIGNATURE_BROKEN("signature"),
  NONCE_CHANGED("signature"),
  PCR_NOT_SENT("pcr-selection"),
  PCR_NOT_SELECTED("pcr-selection"),
  PCR_CHANGED("pcr-digest"),
  PROGRAM_NOT_QUOTED("program-pcrs"),
  PARAVISOR_OF_ANOTHER_SIGNER("id-key-digest");

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
