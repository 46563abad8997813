package dev.leasehold.core.appraise.ear;

/** How far something may be trusted (draft-ietf-rats-ar4si-10 §2.3.2, §3.2), best first. */
public enum TrustworthinessTier {
  AFFIRMING("affirming"),
  NONE("none"),
  WARNING("warning"),
  CONTRAINDICATED("contraindicated");

  private final String word;

  TrustworthinessTier(String word) {
    this.word = word;
  }

  /** The tier as JSON writes it. */
  public String word() {
    return word;
  }

  /** The tier that a claim's value stands in. */
  public static TrustworthinessTier of(int value) {
    if (value >= 96 || value <= -97) {
      return CONTRAINDICATED;
    }
    if (value >= 32 || value <= -33) {
      return WARNING;
    }
    return value >= 2 || value <= -2 ? AFFIRMING : NONE;
  }
}
