package dev.leasehold.enclave.life;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.enclave.key.IdentityKey;
import dev.leasehold.enclave.meter.GrantRefused;
import dev.leasehold.enclave.meter.Instance;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.relay.Answer;
import dev.leasehold.enclave.relay.RelayClient;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.enclave.terms.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * From nothing to grant 0 (protocol §6.2). A recall that lands between challenge and evidence costs
 * another challenge: nothing was granted under the old one, nor ever will be.
 */
final class Enrolment {
  /** Each is a boot in the lease's count, so few; two recalls within seconds are rare. */
  private static final int MOST_CHALLENGES = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int NOT_ACTIVE = 423;

  private final RelayClient relay;
  private final Program program;
  private final Prover prover;
  private final IdentityKey ik;
  private final Guard guard;
  private final Tally tally;
  private final LongSupplier nanoTime;
  private final EventLog log;

  Enrolment(
      RelayClient relay,
      Program program,
      Prover prover,
      IdentityKey ik,
      Guard guard,
      Tally tally,
      LongSupplier nanoTime,
      EventLog log) {
    this.relay = relay;
    this.program = program;
    this.prover = prover;
    this.ik = ik;
    this.guard = guard;
    this.tally = tally;
    this.nanoTime = nanoTime;
    this.log = log;
  }

  /** How it ended. */
  sealed interface Result {
    /** Grant 0 is accepted; the release may be opened. */
    record Enrolled(LeaseLoop loop, Challenged challenged, Signed<KeyRelease> release)
        implements Result {}

    /**
     * The lease is over, but this instance may have been entered into the ledger: a final is due.
     */
    record Over(LeaseLoop loop) implements Result {}

    /** Nothing was entered anywhere. */
    record Refused() implements Result {}
  }

  Result run() throws InterruptedException {
    long boot = nanoTime.getAsLong();
    for (int attempt = 0; attempt < MOST_CHALLENGES; attempt++) {
      Optional<Result> result = enrol(attempt, boot);
      if (result.isPresent()) {
        return result.get();
      }
    }
    return new Result.Refused();
  }

  /** Once; empty when a recall made the challenge stale. */
  private Optional<Result> enrol(int attempt, long boot) throws InterruptedException {
    Optional<Challenged> challenged = challenge(name(attempt));
    if (challenged.isEmpty()) {
      return Optional.of(new Result.Refused());
    }
    try {
      return answer(challenged.get(), prover.prove(challenged.get()), boot);
    } catch (IOException e) {
      log.note(Event.NO_REPORT);
      return Optional.of(new Result.Refused());
    }
  }

  /** Unlike that of any other boot or attempt, so that it gets a challenge of its own. */
  private Id name(int attempt) {
    Hash name = Digests.sha256(ik.key().keyid().bytes(), new byte[] {(byte) attempt});
    return Id.of(Arrays.copyOf(name.bytes(), Id.BYTES));
  }

  /** Asks until the relay gives something; what it gives must then be right. */
  private Optional<Challenged> challenge(Id attempt) throws InterruptedException {
    Backoff backoff = new Backoff();
    while (true) {
      if (relay.start(attempt, PATIENCE)
          instanceof Answer.Reply<Bundles.Start>(Bundles.Start start)) {
        try {
          Challenged challenged = Challenged.accept(start, program);
          log.note(Event.CHALLENGED);
          return Optional.of(challenged);
        } catch (Malformed | BadSignature e) {
          log.note(Event.START_REFUSED);
          return Optional.empty();
        }
      }
      backoff.pause();
    }
  }

  /**
   * Sends the evidence, the same bytes each time, until it is accepted or refused; empty when it
   * was refused because its challenge is stale.
   */
  private Optional<Result> answer(Challenged challenged, Prover.Proof proof, long boot)
      throws InterruptedException {
    Instance me = Instance.of(challenged, ik, proof.evidence().hash());
    LeaseLoop loop = new LeaseLoop(me, challenged, guard, tally, boot, nanoTime.getAsLong());
    Backoff backoff = new Backoff();
    while (true) {
      switch (relay.evidence(me.instanceId(), proof.post(), PATIENCE)) {
        case Answer.Reply<Bundles.EnrolmentReply>(Bundles.EnrolmentReply reply) -> {
          Optional<Result> result = accept(loop, challenged, proof, reply);
          if (result.isPresent()) {
            return result;
          }
        }
        case Answer.Refusal<Bundles.EnrolmentReply>(var envelope) -> {
          Optional<Problem> problem = loop.problem(envelope, proof.evidence().hash());
          if (problem.isPresent() && problem.get().action() != Problem.Action.RETRY) {
            log.note(Event.ENROLMENT_REFUSED, problem.get().status());
            return problem.get().action() == Problem.Action.REATTEST
                ? Optional.empty()
                : Optional.of(refused(loop, problem.get()));
          }
        }
        case Answer.Nothing<Bundles.EnrolmentReply> n -> {}
      }
      backoff.pause();
    }
  }

  private Optional<Result> accept(
      LeaseLoop loop, Challenged challenged, Prover.Proof proof, Bundles.EnrolmentReply reply) {
    try {
      Signed<KeyRelease> release = loop.enrolled(proof.post(), reply, nanoTime.getAsLong());
      log.note(Event.ENROLLED);
      return Optional.of(new Result.Enrolled(loop, challenged, release));
    } catch (GrantRefused e) {
      log.note(Event.GRANT_DROPPED, e.check().name());
    } catch (Malformed | BadSignature e) {
      log.note(Event.GRANT_DROPPED);
    }
    return Optional.empty();
  }

  /**
   * Only the answer "not active" leaves open whether an earlier copy of the evidence was accepted
   * and its reply lost: then the final releases what was granted (protocol §6.4, AR-14).
   */
  private static Result refused(LeaseLoop loop, Problem problem) {
    if (problem.status() == NOT_ACTIVE) {
      loop.stop(Final.Reason.REVOKED);
      return new Result.Over(loop);
    }
    return new Result.Refused();
  }
}
