package dev.leasehold.testkit.snp;

/** The one thing that is wrong with a forgery, and the claim that must be refused for it. */
public enum Flaw {
  NONE(""),

  REPORT_TOO_SHORT(Flaw.MALFORMED),
  REPORT_TOO_LONG(Flaw.MALFORMED),
  REPORT_VERSION(Flaw.MALFORMED),
  SIGNATURE_PADDING(Flaw.MALFORMED),

  UNPINNED_ROOT("chain"),
  VCEK_OF_FOREIGN_ASK("chain"),
  VCEK_EXPIRED("chain"),
  VCEK_NOT_YET_VALID("chain"),
  VCEK_SIGNED_WITH_SHA256("chain"),
  VCEK_SIGNED_WITH_PKCS1("chain"),
  VCEK_MISSING("chain"),
  ASK_MISSING("chain"),
  ARK_MISSING("chain"),
  PRODUCT_OF_CERTIFICATE("product"),
  CPUID_OF_REPORT("product"),
  ASK_REVOKED("crl"),
  VCEK_REVOKED("crl"),
  LIST_FORGED("crl"),
  LIST_EXPIRED("crl"),
  LIST_OF_THE_FUTURE("crl"),
  LIST_STALE("crl"),
  LIST_MISSING("crl"),
  LIST_SIGNED_WITH_SHA256("crl"),
  LIST_SIGNED_WITH_PKCS1("crl"),
  LIST_WITH_UNKNOWN_CRITICAL_EXTENSION("crl"),

  SIGNED_BY_NOTHING("signing-key"),
  SIGNED_BY_VLEK("signing-key"),
  SIGNATURE_BROKEN("signature"),
  SIGNED_BY_ANOTHER_KEY("signature"),
  SIGNATURE_ALGORITHM("signature"),
  CHIP_ID("chip-id"),
  TCB_NOT_ENDORSED("endorsed-tcb"),
  TCB_NOT_COMMITTED("tcb-order"),
  TCB_COMMITTED_ABOVE_CURRENT("tcb-order"),
  TCB_BELOW_FLOOR("tcb"),
  LAUNCH_TCB_BELOW_FLOOR("tcb"),

  DEBUG("debug"),
  MIGRATION("migration"),
  POLICY_RESERVED_BIT("reserved-bits"),
  POLICY_BIT_17("reserved-bits"),
  PLATFORM_RESERVED_BIT("reserved-bits"),
  KEY_INFO_RESERVED_BIT("reserved-bits"),
  TCB_RESERVED_BYTE("reserved-bits"),
  RESERVED_FIELD("reserved-bits"),
  VMPL("vmpl"),
  ALIAS_CHECK("alias-check"),
  SMT_ALLOWED("smt"),
  SMT_ON("smt"),
  CIPHERTEXT_HIDING_NOT_DEMANDED("ciphertext-hiding"),
  CIPHERTEXT_HIDING_OFF("ciphertext-hiding"),

  MEASUREMENT("measurement"),
  HOST_DATA("host-data"),
  REPORT_DATA("report-data");

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
