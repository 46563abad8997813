package dev.leasehold.testkit.nitro;

/** The one thing that is wrong with a forgery, and the claim that must be refused for it. */
public enum NitroFlaw {
  NONE(""),
  TAGGED(""),
  INDEFINITE_MAP(""),
  PUBLIC_KEY_ABSENT(""),

  CUT_SHORT(NitroFlaw.MALFORMED),
  TRAILING_BYTE(NitroFlaw.MALFORMED),
  ANOTHER_TAG(NitroFlaw.MALFORMED),
  ANOTHER_ALGORITHM(NitroFlaw.MALFORMED),
  UNPROTECTED_HEADER(NitroFlaw.MALFORMED),
  SIGNATURE_TOO_SHORT(NitroFlaw.MALFORMED),
  TRAILING_BYTE_IN_PAYLOAD(NitroFlaw.MALFORMED),
  LENGTH_NOT_SHORTEST(NitroFlaw.MALFORMED),
  FIELD_TWICE(NitroFlaw.MALFORMED),
  FIELD_UNKNOWN(NitroFlaw.MALFORMED),
  FIELD_MISSING(NitroFlaw.MALFORMED),
  MODULE_ID_OF_ANOTHER_FORM(NitroFlaw.MALFORMED),
  DIGEST(NitroFlaw.MALFORMED),
  TIMESTAMP_ZERO(NitroFlaw.MALFORMED),
  REGISTER_MISSING(NitroFlaw.MALFORMED),
  REGISTER_TWICE(NitroFlaw.MALFORMED),
  REGISTER_32(NitroFlaw.MALFORMED),
  REGISTER_OF_32_BYTES(NitroFlaw.MALFORMED),
  BUNDLE_EMPTY(NitroFlaw.MALFORMED),
  CERTIFICATE_TOO_LONG(NitroFlaw.MALFORMED),
  USER_DATA_TOO_LONG(NitroFlaw.MALFORMED),

  UNPINNED_ROOT("root"),
  ROOT_LAST("root"),
  INTERMEDIATE_MISSING("chain"),
  INTERMEDIATES_SWAPPED("chain"),
  INTERMEDIATE_EXPIRED("chain"),
  INTERMEDIATE_IS_NO_AUTHORITY("chain"),
  PATH_TOO_LONG("chain"),
  LEAF_OF_FOREIGN_ISSUER("chain"),
  LEAF_EXPIRED("chain"),
  LEAF_NOT_YET_VALID("chain"),
  LEAF_SIGNED_WITH_SHA256("chain"),
  LEAF_KEY_ON_P256("curve"),
  LEAF_IS_AN_AUTHORITY("key-usage"),
  LEAF_MAY_NOT_SIGN("key-usage"),
  SIGNATURE_BROKEN("signature"),
  SIGNED_BY_ANOTHER_KEY("signature"),
  SIGNED_WITHOUT_CONTEXT("signature"),
  LEAF_OF_ANOTHER_MODULE("module-id"),
  LEAF_OF_A_MODULE_WITH_THIS_PREFIX("module-id"),
  TIMESTAMP_BEFORE_THE_LEAF("timestamp"),
  TIMESTAMP_OF_THE_FUTURE("timestamp"),

  DEBUG("debug"),
  MEASUREMENT("measurement"),
  REPORT_DATA("report-data"),
  REPORT_DATA_CUT("report-data"),
  USER_DATA_NULL("report-data"),
  NONCE_ABSENT("nonce"),
  ANOTHER_NONCE("nonce");

  /** Stands for a refusal by the parser, before there is any claim. */
  public static final String MALFORMED = "malformed";

  private final String claim;

  NitroFlaw(String claim) {
    this.claim = claim;
  }

  /** Empty for what is no flaw: the allowed forms of a document. */
  public String claim() {
    return claim;
  }
}
