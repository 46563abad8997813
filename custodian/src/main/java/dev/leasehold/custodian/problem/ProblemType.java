package dev.leasehold.custodian.problem;

import static dev.leasehold.core.lease.Problem.Action.REATTEST;
import static dev.leasehold.core.lease.Problem.Action.RETRY;
import static dev.leasehold.core.lease.Problem.Action.STOP;

import dev.leasehold.core.lease.Problem.Action;

/** Every refusal there is: its name, its HTTP status and what an enclave does about it. */
public enum ProblemType {
  MALFORMED("malformed", 400, RETRY),
  BAD_SIGNATURE("bad-signature", 401, RETRY),
  UNAUTHORIZED("unauthorized", 401, RETRY),
  NONCE("nonce", 403, STOP),
  EVIDENCE_REJECTED("evidence-rejected", 403, STOP),
  PLATFORM("platform", 403, STOP),
  LEASE_MISMATCH("lease-mismatch", 403, STOP),
  /** Signed, but not by those who may, or not for what is the case now; people only. */
  FORBIDDEN("forbidden", 403, RETRY),
  UNKNOWN("unknown", 404, RETRY),
  /** Contradicts what is registered; people only. */
  CONFLICT("conflict", 409, RETRY),
  NONCE_USED("nonce-used", 409, STOP),
  DUPLICATE_KEY("duplicate-key", 409, STOP),
  EXPOSURE_FULL("exposure-full", 409, RETRY),
  SLOTS_FULL("slots-full", 409, RETRY),
  SEQ_GAP("seq-gap", 409, RETRY),
  EQUIVOCATION("equivocation", 409, STOP),
  OVERSPEND("overspend", 409, STOP),
  FENCED("fenced", 409, STOP),
  CLOSED("closed", 410, STOP),
  EPOCH_STALE("epoch-stale", 412, REATTEST),
  INCARNATION_STALE("incarnation-stale", 412, STOP),
  TOO_LARGE("too-large", 413, RETRY),
  NOT_ACTIVE("not-active", 423, STOP),
  BOOT_RATE("boot-rate", 429, RETRY),
  BUSY("busy", 429, RETRY),
  FROZEN("frozen", 503, RETRY),
  /** This server could not keep its promise to commit before it answers. */
  UNAVAILABLE("unavailable", 503, RETRY);

  private final String wireName;
  private final int status;
  private final Action action;

  ProblemType(String wireName, int status, Action action) {
    this.wireName = wireName;
    this.status = status;
    this.action = action;
  }

  public String wireName() {
    return wireName;
  }

  public int status() {
    return status;
  }

  public Action action() {
    return action;
  }

  /** True when an enclave that knows the reason ends itself, so that the refusal is final. */
  public boolean isFinal() {
    return action == STOP;
  }

  /** False for refusals that no enclave may act on (protocol §7.2) or that never reach one. */
  public boolean isSigned() {
    return switch (this) {
      case UNAUTHORIZED, FORBIDDEN, UNKNOWN, CONFLICT, TOO_LARGE, UNAVAILABLE -> false;
      default -> true;
    };
  }
}
