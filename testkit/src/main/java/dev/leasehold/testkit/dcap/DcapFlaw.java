package dev.leasehold.testkit.dcap;

/**
 * The one thing that is wrong with a forgery, and the claim that must be refused for it; or, with
 * no claim, an unusual form that is right.
 */
public enum DcapFlaw {
  NONE(""),
  ZERO_PADDING(""),
  ISSUERS_APART(""),
  PROCESSOR_AUTHORITY(""),
  LEVELS_OLDEST_FIRST(""),
  KEYS_OF_THE_FUTURE(""),
  TCB_INFO_VERSION_2("", Scope.SGX),

  QUOTE_TOO_SHORT(DcapFlaw.MALFORMED + "quote.signature data"),
  QUOTE_VERSION(DcapFlaw.MALFORMED + "quote.version"),
  ATTESTATION_KEY_TYPE(DcapFlaw.MALFORMED + "quote.attestation key type"),
  TEE_TYPE(DcapFlaw.MALFORMED + "quote.TEE type"),
  QE_VENDOR(DcapFlaw.MALFORMED + "quote.QE vendor"),
  BODY_TYPE(DcapFlaw.MALFORMED + "quote.body size", Scope.TD_1_5),
  BODY_SIZE(DcapFlaw.MALFORMED + "quote.body size", Scope.TD_1_5),
  SIGNATURE_DATA_TOO_LONG(DcapFlaw.MALFORMED + "quote.signature data.certification data"),
  SIGNATURE_DATA_LENGTH_HUGE(DcapFlaw.MALFORMED + "quote.signature data"),
  CERTIFICATION_TYPE(DcapFlaw.MALFORMED + "quote.certification data type"),
  TEXT_BETWEEN_CERTIFICATES(DcapFlaw.MALFORMED + "quote.certificates"),
  TRAILING_DATA("trailing-bytes"),

  UNPINNED_ROOT("chain"),
  PCK_OF_FOREIGN_AUTHORITY("chain"),
  PCK_EXPIRED("chain"),
  PCK_NOT_YET_VALID("chain"),
  PCK_NAMED_OTHERWISE("chain"),
  PCK_ISSUER_NAMED_OTHERWISE("chain"),
  PCK_IS_AN_AUTHORITY("chain"),
  PCK_SIGNED_WITH_SHA384("chain"),
  PCK_WITHOUT_SGX_EXTENSION("chain"),
  PCK_WITH_15_COMPONENTS("chain"),
  PCK_ISSUER_MISSING("chain"),

  PCK_REVOKED("crl"),
  PCK_ISSUER_REVOKED("crl"),
  PCK_LIST_MISSING("crl"),
  PCK_LIST_FORGED("crl"),
  PCK_LIST_EXPIRED("crl"),
  PCK_LIST_OF_THE_FUTURE("crl"),
  PCK_LIST_OF_ANOTHER_ISSUER("crl"),
  ROOT_LIST_MISSING("crl"),
  ROOT_LIST_FORGED("crl"),
  ROOT_LIST_EXPIRED("crl"),
  LISTS_STALE("crl"),

  TCB_INFO_MISSING("tcb-info"),
  TCB_INFO_OF_OTHER_TEE("tcb-info"),
  TCB_INFO_CHANGED("tcb-info"),
  TCB_INFO_REFORMATTED("tcb-info"),
  TCB_INFO_SIGNED_BY_ANOTHER_KEY("tcb-info"),
  TCB_INFO_EXPIRED("tcb-info"),
  TCB_INFO_OF_THE_FUTURE("tcb-info"),
  TCB_INFO_15_COMPONENTS(DcapFlaw.MALFORMED + "tcb-info.tcbInfo.tcbLevels[0].tcb.sgxtcbcomponents"),
  TCB_INFO_VERSION(DcapFlaw.MALFORMED + "tcb-info.tcbInfo.version"),
  TCB_SIGNER_OF_FOREIGN_ROOT("tcb-info"),
  TCB_SIGNER_NAMED_OTHERWISE("tcb-info"),
  TCB_SIGNER_BELOW_PCK_AUTHORITY("tcb-info"),
  TCB_SIGNER_IS_AN_AUTHORITY("tcb-info"),
  TCB_SIGNER_FOR_OTHER_USE("tcb-info"),
  TCB_SIGNER_EXPIRED("tcb-info"),
  TCB_SIGNER_REVOKED("tcb-info"),
  TCB_SIGNER_MISSING("tcb-info"),
  FMSPC("fmspc"),
  PCE_ID("fmspc"),

  QE_IDENTITY_MISSING("qe-identity"),
  QE_IDENTITY_OF_OTHER_TEE("qe-identity"),
  QE_IDENTITY_CHANGED("qe-identity"),
  QE_IDENTITY_SIGNED_BY_ANOTHER_KEY("qe-identity"),
  QE_IDENTITY_EXPIRED("qe-identity"),
  QE_IDENTITY_OF_THE_FUTURE("qe-identity"),
  /** An enclave of the attacker's as Quoting Enclave: GHSA-796p-j2gh-9m2q. */
  QE_NOT_INTELS("qe-identity"),
  QE_OTHER_PRODUCT("qe-identity"),
  QE_IN_DEBUG("qe-identity"),
  QE_MISCSELECT("qe-identity"),

  MR_SIGNER_SEAM("tdx-module", Scope.TDX),
  SEAM_ATTRIBUTES("tdx-module", Scope.TDX),
  MODULE_UNKNOWN("tdx-module", Scope.TDX),

  QE_REPORT_CHANGED("qe-signature"),
  QE_REPORT_SIGNED_BY_ANOTHER_KEY("qe-signature"),
  QE_SIGNATURE_OF_ZEROS("qe-signature"),
  ATTESTATION_KEY_SWAPPED("qe-binding"),
  AUTHENTICATION_DATA_CHANGED("qe-binding"),
  QE_REPORT_DATA_TAIL("qe-binding"),
  BODY_CHANGED("signature"),
  HEADER_CHANGED("signature"),
  SIGNATURE_BROKEN("signature"),
  SIGNATURE_OF_ZEROS("signature"),
  ATTESTATION_KEY_OFF_THE_CURVE("signature"),

  PLATFORM_OUT_OF_DATE("tcb"),
  PLATFORM_BELOW_EVERY_LEVEL("tcb"),
  PLATFORM_REVOKED("tcb"),
  PLATFORM_CONFIGURATION("tcb"),
  PCE_OUT_OF_DATE("tcb"),
  QE_OUT_OF_DATE("tcb"),
  QE_REVOKED("tcb"),
  QE_BELOW_EVERY_LEVEL("tcb"),
  MODULE_OUT_OF_DATE("tcb", Scope.TD_1_5),
  MODULE_BELOW_EVERY_LEVEL("tcb", Scope.TD_1_5),
  MODULE_UPDATED_SINCE_LAUNCH("tcb", Scope.TD_1_5),
  ADVISORY("advisories"),
  TCB_INFO_REPLAYED("tcb-evaluation"),
  QE_IDENTITY_REPLAYED("tcb-evaluation"),

  SGX_DEBUG("debug", Scope.SGX),
  SGX_NOT_INITIALISED("init", Scope.SGX),
  SGX_RESERVED_ATTRIBUTE("reserved-bits", Scope.SGX),
  TD_DEBUG("debug", Scope.TDX),
  TD_MIGRATABLE("migration", Scope.TDX),
  TD_SEPT_VE("sept-ve", Scope.TDX),
  TD_PERFMON("perfmon", Scope.TDX),
  TD_RESERVED_ATTRIBUTE("reserved-bits", Scope.TDX),
  TD_SERVICE_DOMAIN("service-td", Scope.TD_1_5),
  HEADER_RESERVED("reserved-bits", Scope.TDX);

  /** Stands, before the field, for a refusal by a parser; there is no claim then. */
  public static final String MALFORMED = "malformed ";

  private final String claim;
  private final Scope scope;

  private enum Scope {
    ANY,
    SGX,
    TDX,
    TD_1_5
  }

  DcapFlaw(String claim) {
    this(claim, Scope.ANY);
  }

  DcapFlaw(String claim, Scope scope) {
    this.claim = claim;
    this.scope = scope;
  }

  public String claim() {
    return claim;
  }

  /** Whether a quote of this form can have the flaw. */
  public boolean fits(QuoteForm form) {
    return switch (scope) {
      case ANY -> true;
      case SGX -> !form.isTdx();
      case TDX -> form.isTdx();
      case TD_1_5 -> form.isTd15();
    };
  }
}
