package dev.leasehold.testkit.nvidia;

/** The one thing that is wrong with a forged GPU, and the claim that must be refused for it. */
public enum NvidiaFlaw {
  NONE(""),
  /** No flaw: without the decoder there is nothing at its index to compare. */
  DECODER_OFF_AND_UNMEASURED(""),
  /** No flaw: one of several values will do. */
  SECOND_ALTERNATIVE(""),
  /** No flaw: older firmware does not state which it is. */
  FIRMWARE_NOT_REPORTED(""),

  REPORT_TOO_SHORT(NvidiaFlaw.MALFORMED),
  REPORT_TOO_LONG(NvidiaFlaw.MALFORMED),
  REQUEST_OF_ANOTHER_VERSION(NvidiaFlaw.MALFORMED),
  NO_SIGNATURE_REQUESTED(NvidiaFlaw.MALFORMED),
  ANOTHER_SLOT_ANSWERED(NvidiaFlaw.MALFORMED),
  ANOTHER_ANSWER(NvidiaFlaw.MALFORMED),
  BLOCK_OF_ANOTHER_INDEX(NvidiaFlaw.MALFORMED),
  BLOCK_OF_ANOTHER_SPECIFICATION(NvidiaFlaw.MALFORMED),
  BLOCK_LONGER_THAN_THE_RECORD(NvidiaFlaw.MALFORMED),
  OPAQUE_TYPE_TWICE(NvidiaFlaw.MALFORMED),
  DRIVER_VERSION_MISSING(NvidiaFlaw.MALFORMED),
  DECODER_STATUS(NvidiaFlaw.MALFORMED),
  FIRMWARE_ID_TOO_SHORT(NvidiaFlaw.MALFORMED),

  UNPINNED_DEVICE_ROOT("chain"),
  ROOT_MISSING("chain"),
  BROM_MISSING("chain"),
  ALIAS_MISSING("chain"),
  TWO_ALIASES("chain"),
  ALIAS_OF_FOREIGN_BROM("chain"),
  ALIAS_EXPIRED("chain"),
  ALIAS_NOT_YET_VALID("chain"),
  ALIAS_STRAIGHT_UNDER_THE_PROVISIONER("chain"),
  ALIAS_SIGNED_WITH_SHA256("chain"),
  ALIAS_FOR_OCSP("chain"),
  ALIAS_WITHOUT_DEVICE_INFO("chain"),
  ALIAS_OF_ANOTHER_MANUFACTURER("chain"),
  DEVICE_CHAIN_UNDER_THE_RIM_ROOT("chain"),

  BROM_REVOKED("ocsp"),
  BROM_ON_HOLD("ocsp"),
  PROVISIONER_UNKNOWN("ocsp"),
  ANSWER_EXPIRED("ocsp"),
  ANSWER_OF_THE_FUTURE("ocsp"),
  ANSWER_FORGED("ocsp"),
  ANSWER_MISSING("ocsp"),

  SIGNATURE_BROKEN("signature"),
  SIGNED_BY_ANOTHER_KEY("signature"),
  ANSWER_SIGNED_WITHOUT_THE_REQUEST("signature"),
  FIRMWARE_ID("fwid"),
  ALIAS_WITHOUT_FIRMWARE_ID("fwid"),

  VBIOS_RIM_OF_ANOTHER_VERSION("vbios-rim"),
  DRIVER_RIM_OF_ANOTHER_VERSION("driver-rim"),
  VBIOS_RIM_MISSING("vbios-rim"),
  DRIVER_RIM_MISSING("driver-rim"),
  RIM_UNDER_AN_UNPINNED_ROOT("driver-rim-chain"),
  RIM_UNDER_THE_DEVICE_ROOT("driver-rim-chain"),
  RIM_SIGNER_EXPIRED("driver-rim-chain"),
  RIM_SIGNER_ABOVE_ITS_PLACE("driver-rim-chain"),
  RIM_SIGNER_FOR_OCSP("driver-rim-chain"),
  RIM_WITHOUT_ITS_INTERMEDIATE("driver-rim-chain"),
  RIM_SIGNER_REVOKED("driver-rim-ocsp"),
  RIM_ANSWER_MISSING("vbios-rim-ocsp"),
  RIM_CHANGED_AFTER_SIGNING("driver-rim-signature"),
  RIM_SIGNED_BY_ANOTHER_KEY("driver-rim-signature"),
  RIM_OF_ANOTHER_MANUFACTURER("driver-rim-manufacturer"),
  RIM_FOR_ANOTHER_CHIP("driver-rim-product"),
  DRIVER_MEASUREMENT("driver-measurements"),
  VBIOS_MEASUREMENT("vbios-measurements"),
  DECODER_ON_AND_CHANGED("driver-measurements"),
  MEASUREMENT_OF_ANOTHER_SIZE("driver-measurements"),
  MEASUREMENT_NOT_REPORTED("driver-measurements"),
  INDEX_IN_BOTH_RIMS("rim-indices"),

  ANOTHER_ARCHITECTURE("architecture"),
  ANOTHER_ENCLAVES_NONCE("gpu-nonce"),
  REPORT_NOT_LISTED("gpu-digest");

  /** Stands for a refusal by the parser, before there is any claim. */
  public static final String MALFORMED = "malformed";

  private final String claim;

  NvidiaFlaw(String claim) {
    this.claim = claim;
  }

  /** Empty for what is no flaw. */
  public String claim() {
    return claim;
  }
}
