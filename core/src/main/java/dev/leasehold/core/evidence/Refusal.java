package dev.leasehold.core.evidence;

/** Why something was not accepted: which claim, what was expected and found, and what to do. */
public record Refusal(String claim, String expected, String got, String source, String remedy) {
  @Override
  public String toString() {
    return claim
        + ": expected "
        + expected
        + ", got "
        + got
        + " ("
        + source
        + "); remedy: "
        + remedy;
  }
}
