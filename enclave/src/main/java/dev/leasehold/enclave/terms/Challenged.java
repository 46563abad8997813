package dev.leasehold.enclave.terms;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Statements;
import java.util.List;

/** A challenge that this program may answer, and the terms it was handed with (protocol §6.2). */
public record Challenged(Signed<Challenge> challenge, Terms terms) {

  /** Makes the enclave's checks (1) to (4) on a challenge, in order. */
  public static Challenged accept(Bundles.Start start, Program program)
      throws Malformed, BadSignature {
    Terms terms = Terms.open(start, program.approverSet());
    // The hashes are compared once the challenge is opened: what is unsigned has no hashes.
    Signed<Challenge> challenge =
        terms.granted(Statements.CHALLENGE, start.challenge(), Challenge::issuedAt);
    Challenge c = challenge.body();
    Malformed.requireSame("challenge.roster", terms.roster().hash(), c.roster());
    Malformed.requireSame("challenge.measurements", terms.measurements().hash(), c.measurements());
    Malformed.requireSame("challenge.lease", terms.lease().hash(), c.lease());
    Malformed.requireSame("challenge.package", terms.modelPackage().hash(), c.modelPackage());
    Malformed.requireSame("challenge.leaseId", terms.lease().body().leaseId(), c.leaseId());
    Malformed.requireSame("lease.clock", program.clock(), terms.lease().body().clock());
    return new Challenged(challenge, terms);
  }

  /** What this program says of itself in answer. */
  public EvidenceStatement evidence(Program program, Bytes ik, Bytes sk) {
    Challenge c = challenge.body();
    return new EvidenceStatement(
        c.leaseId(),
        c.instanceId(),
        terms.lease().body().borrowerId(),
        c.epoch(),
        c.incarnation(),
        challenge.hash(),
        c.nonce(),
        ik,
        sk,
        program.approverSet(),
        c.roster(),
        c.measurements(),
        c.lease(),
        c.modelPackage(),
        program.config(),
        program.clock(),
        program.name(),
        List.of(),
        "");
  }
}
