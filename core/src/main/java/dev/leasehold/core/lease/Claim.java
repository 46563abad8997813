package dev.leasehold.core.lease;

import dev.leasehold.core.json.MaxBytes;
import dev.leasehold.core.json.Wire;

/** One check of an appraisal, passed or not, in words a person can act on (protocol §6.2). */
public record Claim(
    String claim,
    @MaxBytes(1000) String expected,
    @MaxBytes(1000) String got,
    Ok ok,
    String remedy) {

  public boolean passed() {
    return ok == Ok.YES;
  }

  /** Whether the check passed. */
  public enum Ok {
    @Wire("yes")
    YES,
    @Wire("no")
    NO
  }
}
