package dev.leasehold.custodian.problem;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.lease.Claim;
import java.util.List;
import java.util.Optional;

/**
 * A request that is refused. Thrown inside a step of the ledger it undoes what the step wrote,
 * unless it {@linkplain #isRecorded() is recorded}: then the refusal itself is part of the history.
 */
public final class Rejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final ProblemType type;
  private final String qualifier;
  private final transient List<Claim> claims;
  private final boolean recorded;
  private final transient Optional<Addressee> addressee;

  /** The enclave that is refused and its message: what makes a refusal one it may act on. */
  public record Addressee(Id leaseId, Id instanceId, Hash answers) {}

  private Rejected(
      ProblemType type,
      String qualifier,
      String detail,
      List<Claim> claims,
      boolean recorded,
      Optional<Addressee> addressee) {
    super(detail);
    this.addressee = addressee;
    this.type = type;
    this.qualifier = qualifier;
    this.claims = List.copyOf(claims);
    this.recorded = recorded;
  }

  public Rejected(ProblemType type, String detail) {
    this(type, "", detail, List.of(), false, Optional.empty());
  }

  /** Evidence of which one claim did not hold; the first failed one names the refusal. */
  public static Rejected evidence(String claim, String detail) {
    return new Rejected(
        ProblemType.EVIDENCE_REJECTED, claim, detail, List.of(), false, Optional.empty());
  }

  public static Rejected malformed(Malformed e) {
    return new Rejected(ProblemType.MALFORMED, String.valueOf(e.getMessage()));
  }

  public static Rejected badSignature(BadSignature e) {
    return new Rejected(ProblemType.BAD_SIGNATURE, String.valueOf(e.getMessage()));
  }

  /** Signed, but not by those whose word this needs. */
  public static Rejected forbidden(BadSignature e) {
    return new Rejected(ProblemType.FORBIDDEN, String.valueOf(e.getMessage()));
  }

  public static Rejected unknown(String what) {
    return new Rejected(ProblemType.UNKNOWN, what + " is not known here");
  }

  /** The same refusal, whose traces are committed. */
  public Rejected recorded() {
    return new Rejected(type, qualifier, detail(), claims, true, addressee);
  }

  /** The same refusal with the checks behind it. */
  public Rejected with(List<Claim> failed) {
    return new Rejected(type, qualifier, detail(), failed, recorded, addressee);
  }

  /** The same refusal as the answer to an enclave's message. */
  public Rejected answering(Addressee to) {
    return new Rejected(type, qualifier, detail(), claims, recorded, Optional.of(to));
  }

  public Optional<Addressee> addressee() {
    return addressee;
  }

  public ProblemType type() {
    return type;
  }

  /** The name on the wire, such as {@code evidence-rejected:measurement}. */
  public String name() {
    return qualifier.isEmpty() ? type.wireName() : type.wireName() + ":" + qualifier;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public List<Claim> claims() {
    return claims;
  }

  public boolean isRecorded() {
    return recorded;
  }
}
