package dev.leasehold.borrower.carry;

import dev.leasehold.core.bytes.Id;
import java.io.IOException;
import java.time.Duration;

/** Passes staples on: they are public, short-lived and signed, so nothing is kept of them. */
public final class Staples {
  private static final Duration ATTEMPT = Duration.ofSeconds(10);

  private final CustodianClient custodian;
  private final Archive archive;

  public Staples(CustodianClient custodian, Archive archive) {
    this.custodian = custodian;
    this.archive = archive;
  }

  /** The newest staple, or an unsigned error. */
  public Answer get(Id instance) throws InterruptedException {
    try {
      return custodian.get(
          "/v1/instances/" + instance + "/staple", archive.sessions().bearer(instance), ATTEMPT);
    } catch (IOException e) {
      return Answer.unavailable("staple: " + e.getMessage());
    }
  }
}
