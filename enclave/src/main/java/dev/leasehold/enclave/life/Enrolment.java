package dev.leasehold.enclave.life;

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

/** From nothing to grant 0 (protocol §6.2). */
final class Enrolment {
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
    Optional<Challenged> challenged = challenge();
    if (challenged.isEmpty()) {
      return new Result.Refused();
    }
    try {
      return answer(challenged.get(), prover.prove(challenged.get()), boot);
    } catch (IOException e) {
      log.note(Event.NO_REPORT);
      return new Result.Refused();
    }
  }

  /** Asks until the relay gives something; what it gives must then be right. */
  private Optional<Challenged> challenge() throws InterruptedException {
    Backoff backoff = new Backoff();
    Id attempt = Id.of(Arrays.copyOf(ik.key().keyid().bytes(), Id.BYTES));
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

  /** Sends the evidence, the same bytes each time, until it is accepted or refused for good. */
  private Result answer(Challenged challenged, Prover.Proof proof, long boot)
      throws InterruptedException {
    Instance me = Instance.of(challenged, ik, proof.evidence().hash());
    LeaseLoop loop = new LeaseLoop(me, challenged, guard, tally, boot, nanoTime.getAsLong());
    Backoff backoff = new Backoff();
    while (true) {
      switch (relay.evidence(me.instanceId(), proof.post(), PATIENCE)) {
        case Answer.Reply<Bundles.EnrolmentReply>(Bundles.EnrolmentReply reply) -> {
          Optional<Result> result = accept(loop, challenged, proof, reply);
          if (result.isPresent()) {
            return result.get();
          }
        }
        case Answer.Refusal<Bundles.EnrolmentReply>(var envelope) -> {
          Optional<Problem> problem = loop.problem(envelope, proof.evidence().hash());
          if (problem.isPresent() && problem.get().action() != Problem.Action.RETRY) {
            return refused(loop, problem.get());
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
  private Result refused(LeaseLoop loop, Problem problem) {
    log.note(Event.ENROLMENT_REFUSED, problem.status());
    if (problem.status() == NOT_ACTIVE) {
      loop.stop(Final.Reason.REVOKED);
      return new Result.Over(loop);
    }
    return new Result.Refused();
  }
}
