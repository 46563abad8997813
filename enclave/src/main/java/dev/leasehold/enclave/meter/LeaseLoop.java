package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Heartbeat.ReportedMode;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.terms.Challenged;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The enclave's half of the lease as a state machine: it is told what arrives and what time it is,
 * and says what to send. It sets the {@link Guard}'s mode, allowance and deadline and does no I/O.
 *
 * <p>Everything that arrives may come from an attacker. What is not signed changes nothing; what is
 * signed changes only what protocol §6.3 and §6.4 say. Times are {@link System#nanoTime} values.
 */
public final class LeaseLoop {
  private static final long NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long EARLY_FRACTION = 8;

  private final Instance me;
  private final Guard guard;
  private final Tally tally;
  private final Chain chain;
  private final Testimony testimony;
  private final DeadMan deadMan;
  private final Authority custodian;

  private long epoch;
  private long enrolledAt;
  private Suspension suspension = new Suspension(0);
  private Mode grantMode = Mode.HOLD;
  private boolean lastGrantRaised;
  private boolean epochStale;
  private long recalledTo;
  private long rotatedAt;
  private long commandsSeen;
  private Final.@Nullable Reason drainReason;
  private Final.@Nullable Reason stopReason;
  private Bundles.@Nullable FinalPost finalPost;
  private Bundles.@Nullable EvidencePost evidence;
  private @Nullable Envelope appraisal;
  private @Nullable Envelope staple;

  /**
   * A loop that waits for grant 0.
   *
   * @param bootNanos when this enclave started
   * @param evidenceSent when its evidence was first sent
   */
  public LeaseLoop(
      Instance me,
      Challenged challenged,
      Guard guard,
      Tally tally,
      long bootNanos,
      long evidenceSent) {
    this.me = me;
    this.custodian = new Authority(me, challenged);
    this.epoch = challenged.challenge().body().epoch();
    this.guard = guard;
    this.tally = tally;
    this.chain = new Chain(me, evidenceSent);
    this.testimony = new Testimony(me, custodian, chain, guard, tally, bootNanos);
    this.deadMan = new DeadMan(evidenceSent);
  }

  // Enrolment and re-attestation (protocol §6.2)

  /**
   * Takes the reply to the evidence of boot. Accepting grant 0 starts the heartbeats; only then may
   * the key release, which is returned, be opened.
   */
  public synchronized Signed<KeyRelease> enrolled(
      Bundles.EvidencePost sent, Bundles.EnrolmentReply reply, long now)
      throws Malformed, BadSignature, GrantRefused {
    custodian.requireAppraisal(reply.appraisal(), me.evidence(), epoch);
    Signed<Grant> grant =
        grantCheck(0, me.evidence(), me.challenge(), Vec.ZERO)
            .open(custodian.terms(), present("reply.grant", reply.grant()));
    Signed<KeyRelease> release =
        custodian.keyRelease(present("reply.keyrelease", reply.keyrelease()), grant.hash());
    evidence = sent;
    appraisal = reply.appraisal();
    reply.staple().ifPresent(this::takeStaple);
    enrolledAt = grant.body().cseq();
    rotatedAt = enrolledAt;
    commandsSeen = enrolledAt;
    suspension = new Suspension(enrolledAt);
    accept(grant, now);
    tick(now);
    return release;
  }

  /** Accepts a challenge for re-attestation: for this boot, under a newer epoch. */
  public synchronized void recalled(Challenged challenged) throws Malformed {
    custodian.recalled(challenged, epoch);
  }

  /** Takes the reply to the evidence of a re-attestation. The heartbeat chain continues. */
  public synchronized void reattested(
      Challenged challenged, Bundles.EvidencePost sent, Bundles.EnrolmentReply reply, long now)
      throws Malformed, BadSignature {
    long next = challenged.challenge().body().epoch();
    custodian.requireAppraisal(reply.appraisal(), sent.evidence().hash(), next);
    epoch = next;
    epochStale = false;
    evidence = sent;
    appraisal = reply.appraisal();
    reply.staple().ifPresent(this::takeStaple);
    // The same place in the chain under the new epoch: the stale one was never recorded (§6.3).
    chain
        .outstanding()
        .map(Signed::body)
        .ifPresent(stale -> chain.send(heartbeat(stale.seq(), stale.prev(), now), now));
  }

  /** The re-attestation was refused for good. */
  public synchronized void reattestationRefused(Problem problem) {
    stop(isNotActive(problem) ? Final.Reason.REVOKED : Final.Reason.RECALLED);
  }

  // What to do next

  /**
   * What is to be done now. After a {@link Step.Beat} one of {@link #answered}, {@link #refused}
   * and {@link #unanswered} follows.
   */
  public synchronized Step step(long now) {
    tick(now);
    if (stopReason != null) {
      return new Step.Stop();
    }
    Optional<Signed<Heartbeat>> outstanding = chain.outstanding();
    if (outstanding.isEmpty() ? recalledTo > epoch : epochStale) {
      return new Step.Reattest();
    }
    long due = outstanding.isEmpty() ? nextBeat(now) : chain.resendAt();
    if (now - due < 0) {
      return new Step.Wait(due - now < POLL_NANOS ? due : now + POLL_NANOS);
    }
    Signed<Heartbeat> beat = outstanding.orElseGet(() -> newBeat(now));
    return new Step.Beat(chain.post(beat), beat.hash());
  }

  /** Lets time pass: the dead-man, the lease's end, and a drain with nothing left to do. */
  public synchronized void tick(long now) {
    if (!chain.isEnrolled()) {
      return;
    }
    if (custodian.leaseHasEnded()) {
      stop(Final.Reason.EXPIRED);
    }
    if (deadMan.mustWipe(now)) {
      stop(Final.Reason.DEADMAN);
    }
    if (drainReason != null && tally.live() == 0) {
      stop(drainReason);
    }
  }

  /** Waits until time alone may change something, or something else has. */
  public synchronized void awaitTick(LongSupplier nanoTime) throws InterruptedException {
    long left = deadMan.wipeAt() - nanoTime.getAsLong();
    if (stopReason == null && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(
          this, drainReason == null ? left : Math.min(left, DRAIN_NANOS));
    }
  }

  // The outcomes of a heartbeat

  /**
   * Takes a reply to the outstanding heartbeat.
   *
   * @throws GrantRefused when the grant is dropped: the heartbeat stays outstanding
   */
  public synchronized void answered(Bundles.HeartbeatReply reply, long now) throws GrantRefused {
    chain.retryLater(now, beatMs());
    reply.roster().forEach(custodian::renewRoster);
    reply.lease().forEach(custodian::renewLease);
    commands(reply.commands(), now);
    reply.staple().ifPresent(this::takeStaple);
    Optional<Signed<Heartbeat>> asked = chain.outstanding();
    if (asked.isPresent()) {
      Heartbeat heartbeat = asked.get().body();
      accept(
          grantCheck(heartbeat.seq(), asked.get().hash(), chain.grant().hash(), heartbeat.used())
              .open(custodian.terms(), reply.grant()),
          now);
    }
    tick(now);
  }

  /** No answer, or one that is not signed: try again later, nothing else (protocol §7.2). */
  public synchronized void unanswered(long now) {
    chain.retryLater(now, beatMs());
  }

  /** A refusal of the outstanding heartbeat; nothing unless signed and naming it (§7.2). */
  public synchronized void refused(Envelope envelope, long now) {
    Optional<Problem> problem =
        chain.outstanding().flatMap(asked -> problem(envelope, asked.hash()));
    if (problem.isEmpty()) {
      unanswered(now);
      return;
    }
    chain.retryIn(now, Math.min(problem.get().retryAfterMs(), beatMs()));
    switch (problem.get().action()) {
      case RETRY -> {}
      case REATTEST -> epochStale = true;
      case HOLD -> {
        grantMode = Mode.HOLD;
        applyMode(now);
      }
      case STOP -> stop(isNotActive(problem.get()) ? Final.Reason.REVOKED : Final.Reason.FAULT);
    }
  }

  /** Opens a problem if it is signed, for me, and answers this message. */
  public synchronized Optional<Problem> problem(Envelope envelope, Hash message) {
    return custodian.problem(envelope, message);
  }

  // Commands and stopping (protocol §6.4)

  /** Takes commands, pushed or attached, in any order and as often as they come. */
  public synchronized void commands(Iterable<Bundles.CommandItem> items, long now) {
    for (Bundles.CommandItem item : items) {
      try {
        apply(item, now);
      } catch (Malformed | BadSignature e) {
        // Not signed as it must be: as if it had not come.
      }
    }
    if (chain.isEnrolled()) {
      applyMode(now);
      tick(now);
    }
  }

  /** Finishes what was admitted, then stops. There is no way back. */
  public synchronized void drain(Final.Reason reason, long now) {
    if (drainReason == null) {
      drainReason = reason;
      applyMode(now);
    }
  }

  /** Stops for good. The first reason stands. */
  public synchronized void stop(Final.Reason reason) {
    if (stopReason == null) {
      stopReason = reason;
      guard.mode(Mode.STOP);
      notifyAll();
    }
  }

  public synchronized boolean isStopped() {
    return stopReason != null;
  }

  /** The newest command that came: where to go on listening. What was missed comes with a grant. */
  public synchronized long commandsSeen() {
    return commandsSeen;
  }

  /** Waits until the enclave must wipe and sign its final. */
  public synchronized Final.Reason awaitStop() throws InterruptedException {
    while (stopReason == null) {
      wait();
    }
    return stopReason;
  }

  /**
   * The final statement: exact use, signed once. To be called when nothing works or charges any
   * more and keys and weights are wiped (protocol §9.4).
   */
  public synchronized Bundles.FinalPost finish() {
    if (stopReason == null) {
      throw new IllegalStateException("a final is signed only after the stop");
    }
    if (finalPost == null) {
      finalPost =
          new Bundles.FinalPost(
              testimony.last(epoch, stopReason).envelope(),
              chain.grantEnvelope(),
              chain.outstanding().map(Signed::envelope));
    }
    return finalPost;
  }

  /** Whether this is the custodian's closure of my final: the proof of cessation is complete. */
  public synchronized boolean closes(Bundles.FinalReply reply) {
    return finalPost != null && custodian.closes(reply.closure(), finalPost.finalEnvelope().hash());
  }

  /** The newest state that consumers are told about; empty before grant 0. */
  public synchronized Optional<View> view() {
    if (!chain.isEnrolled() || evidence == null || appraisal == null) {
      return Optional.empty();
    }
    return Optional.of(
        new View(
            custodian.terms(),
            epoch,
            custodian.tMin(),
            chain.ack(),
            evidence,
            appraisal,
            Optional.ofNullable(staple),
            rotatedAt));
  }

  public Instance me() {
    return me;
  }

  /** The newest lease statement. */
  public synchronized Lease lease() {
    return custodian.lease();
  }

  /** How long a heartbeat is worth waiting for, and how far apart two of them are. */
  public synchronized long beatMs() {
    long least = Math.max(1, lease().heartbeatMs() / EARLY_FRACTION);
    return chain.isEnrolled()
        ? Math.clamp(chain.grant().body().heartbeatMs(), least, lease().ttlMs())
        : lease().heartbeatMs();
  }

  // Grants

  private GrantCheck grantCheck(long seq, Hash answers, Hash prev, Vec reported) {
    return new GrantCheck(me, epoch, seq, answers, prev, reported, guard.state().allow());
  }

  private void accept(Signed<Grant> grant, long now) {
    Grant g = grant.body();
    custodian.observe(g.issuedAt());
    lastGrantRaised = !g.allow().atMost(guard.state().allow());
    guard.raise(g.allow());
    chain.accept(grant);
    grantMode = g.mode();
    switch (grantMode) {
      case STOP -> stop(custodian.leaseHasEnded() ? Final.Reason.EXPIRED : Final.Reason.REVOKED);
      case HOLD -> suspension.suspended(g.cseq());
      case DRAIN -> drain(Final.Reason.DRAINED, now);
      case RUN -> {}
    }
    switch (mode()) {
      case RUN, DRAIN -> {
        deadMan.renewed(g, lease(), chain.firstSent());
        guard.renew(deadMan.deadline());
      }
      case HOLD -> deadMan.held(g, lease(), chain.firstSent(), now);
      case STOP -> {}
    }
    applyMode(now);
  }

  private Mode mode() {
    if (stopReason != null) {
      return Mode.STOP;
    }
    if (grantMode == Mode.HOLD || suspension.isSuspended()) {
      return Mode.HOLD;
    }
    return drainReason == null ? Mode.RUN : Mode.DRAIN;
  }

  private void applyMode(long now) {
    Mode mode = mode();
    guard.mode(mode);
    if (mode == Mode.HOLD) {
      deadMan.holding(now);
    } else {
      deadMan.released();
    }
    notifyAll();
  }

  // Heartbeats

  private long nextBeat(long now) {
    boolean early = lastGrantRaised && testimony.isUrgent(reportedMode(now));
    long full = beatMs() * NANOS_PER_MS;
    return chain.firstSent() + (early ? full / EARLY_FRACTION : full);
  }

  private Signed<Heartbeat> newBeat(long now) {
    Signed<Heartbeat> beat = heartbeat(chain.nextSeq(), chain.previous(), now);
    chain.send(beat, now);
    return beat;
  }

  private Signed<Heartbeat> heartbeat(long seq, Hash prev, long now) {
    return testimony.heartbeat(epoch, seq, prev, reportedMode(now), now);
  }

  private ReportedMode reportedMode(long now) {
    if (deadMan.expired(now)) {
      return ReportedMode.HOLD;
    }
    return switch (mode()) {
      case RUN -> ReportedMode.RUN;
      case DRAIN -> ReportedMode.DRAIN;
      case HOLD, STOP -> ReportedMode.HOLD;
    };
  }

  // What arrives

  private void apply(Bundles.CommandItem item, long now) throws Malformed, BadSignature {
    Optional<Command> addressed = custodian.command(item.command());
    if (addressed.isEmpty()) {
      return;
    }
    Command c = addressed.get();
    commandsSeen = Math.max(commandsSeen, c.cseq());
    boolean settledBefore = !chain.isEnrolled() || c.cseq() <= enrolledAt;
    if (c.type() != Command.Type.REVOKE && settledBefore) {
      return;
    }
    switch (c.type()) {
      case REVOKE -> stop(Final.Reason.REVOKED);
      case SUSPEND -> suspension.suspended(c.cseq());
      case RESUME ->
          suspension.resumed(
              ResumeOrder.open(c, item.order(), custodian.terms(), me, suspension.suspendedAt()));
      case RECALL -> recalledTo = Math.max(recalledTo, c.epoch());
      case DRAIN -> drain(Final.Reason.DRAINED, now);
      case ROTATE -> rotatedAt = Math.max(rotatedAt, c.cseq());
    }
  }

  /** Until one comes, consumers go on seeing the older, which their own clock will end. */
  private void takeStaple(Envelope envelope) {
    if (custodian.staples(envelope)) {
      staple = envelope;
    }
  }

  private static boolean isNotActive(Problem problem) {
    return problem.name().equals("not-active");
  }

  private static Envelope present(String field, Optional<Envelope> envelope) throws Malformed {
    return envelope.orElseThrow(() -> new Malformed(field, "an envelope", "none"));
  }
}
