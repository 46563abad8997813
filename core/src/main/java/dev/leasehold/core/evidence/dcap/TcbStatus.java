package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Malformed;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What Intel says of a TCB level, in Intel's words. */
public enum TcbStatus {
  UP_TO_DATE("UpToDate"),
  SW_HARDENING_NEEDED("SWHardeningNeeded"),
  CONFIGURATION_NEEDED("ConfigurationNeeded"),
  CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
  OUT_OF_DATE("OutOfDate"),
  OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
  REVOKED("Revoked"),
  /** Never signed: the module was updated under a running trust domain, which should restart. */
  TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
  TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded"),
  /** Never signed: below every level that Intel lists. */
  NOT_SUPPORTED("NotSupported");

  /** What a level of a platform may be. */
  static final Set<TcbStatus> OF_PLATFORMS = EnumSet.range(UP_TO_DATE, REVOKED);

  /** What a level of a quoting enclave or of a TDX module may be. */
  static final Set<TcbStatus> OF_ENCLAVES = EnumSet.of(UP_TO_DATE, OUT_OF_DATE, REVOKED);

  private final String word;

  TcbStatus(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /** An unknown word is refused: it could mean anything. */
  static TcbStatus parse(String field, String word, Set<TcbStatus> allowed) throws Malformed {
    return Arrays.stream(values())
        .filter(s -> s.word.equals(word) && allowed.contains(s))
        .findFirst()
        .orElseThrow(() ->
            new Malformed(field, "one of " + allowed.stream().map(TcbStatus::word).toList(), word));
  }

  boolean isConfigurationNeeded() {
    return switch (this) {
      case CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
          true;
      default -> false;
    };
  }

  boolean isOutOfDate() {
    return this == OUT_OF_DATE || this == OUT_OF_DATE_CONFIGURATION_NEEDED;
  }

  /** This status of a platform, with one of its parts at {@code part}. */
  TcbStatus converge(TcbStatus part) {
    if (this == REVOKED || this == NOT_SUPPORTED) {
      return this;
    }
    return switch (part) {
      case REVOKED, NOT_SUPPORTED -> part;
      case OUT_OF_DATE -> outOfDate();
      default -> this;
    };
  }

  private TcbStatus outOfDate() {
    return switch (this) {
      case UP_TO_DATE, SW_HARDENING_NEEDED -> OUT_OF_DATE;
      case CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED ->
          OUT_OF_DATE_CONFIGURATION_NEEDED;
      default -> this;
    };
  }
}
