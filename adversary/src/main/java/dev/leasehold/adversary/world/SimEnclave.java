package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.enclave.meter.GrantRefused;
import dev.leasehold.enclave.meter.Instance;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.meter.Step;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.meter.View;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.SimulatedChip;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A real enclave's lease: its guard, its loop and its keys, in a simulated machine, without the
 * threads that {@code Enrolment}, {@code Pulse} and {@code Shutdown} run it with. It says what it
 * wants to send and takes what it is given; its clock is in the host's hands.
 */
public final class SimEnclave {
  private static final int NOT_ACTIVE = 423;
  private static final long BOOT = TimeUnit.HOURS.toNanos(7);
  private static final long NORMAL_RATE = 1_000;

  /** How far its life has come. */
  public enum Phase {
    /** It wants a challenge. */
    WAITING,
    /** It sends its evidence until that is accepted or refused. */
    PROVING,
    RUNNING,
    /** It has stopped and wiped, and sends its final until it is closed. */
    ENDED,
    /** It holds the closure. */
    CLOSED,
    /** Killed, or refused before anything was entered anywhere. */
    GONE
  }

  /** Evidence and the post it travels in, the same bytes each time. */
  private record Proof(Challenged challenged, Signed<EvidenceStatement> evidence, String post) {}

  private final String name;
  private final SimulatedChip chip;
  private final Ed25519Signer ik;
  private final HpkeKeyPair sk;
  private final Request hello;
  private final Function<Envelope, Bundles.Start> relay;
  private final Conduct conduct;
  private final Guard guard = new Guard(BOOT);
  private final Tally tally = new Tally();
  private final SimServing serving;

  private Phase phase = Phase.WAITING;
  private @Nullable LeaseLoop loop;
  private @Nullable Proof proof;
  private @Nullable Request waiting;
  private long nanos = BOOT;
  private long rate = NORMAL_RATE;
  private long challengedIn;

  /**
   * An enclave that has just booted.
   *
   * @param relay hands over the standing objects that go with a challenge
   */
  public SimEnclave(
      String name,
      SimulatedChip chip,
      Ed25519Signer ik,
      HpkeKeyPair sk,
      Request hello,
      Function<Envelope, Bundles.Start> relay,
      Conduct conduct) {
    this.name = name;
    this.chip = chip;
    this.ik = ik;
    this.sk = sk;
    this.hello = hello;
    this.relay = relay;
    this.conduct = conduct;
    this.serving = new SimServing(this, tally, conduct);
  }

  public String name() {
    return name;
  }

  public Phase phase() {
    return phase;
  }

  public Ed25519Signer ik() {
    return ik;
  }

  public HpkeKeyPair sk() {
    return sk;
  }

  public SimulatedChip chip() {
    return chip;
  }

  public Guard guard() {
    return guard;
  }

  /** Empty until a challenge was accepted. */
  public Optional<LeaseLoop> loop() {
    return Optional.ofNullable(loop);
  }

  public Optional<Id> instance() {
    return loop().map(l -> l.me().instanceId());
  }

  /** The policy's generation it is attested under; 0 before it has a challenge. */
  public long epoch() {
    LeaseLoop l = loop;
    return l == null ? 0 : l.view().map(View::epoch).orElse(challengedIn);
  }

  /** What it does for consumers. */
  public SimServing serving() {
    return serving;
  }

  /** Work really done since boot, counted where it is done and not where it is charged. */
  public Vec done() {
    return serving.done();
  }

  /** The request whose answer it waits for. */
  public Optional<Request> waiting() {
    return Optional.ofNullable(waiting);
  }

  public boolean isAlive() {
    return phase != Phase.GONE && phase != Phase.CLOSED;
  }

  // Time

  public long now() {
    return nanos;
  }

  /** Real time passes; how much of it the enclave sees is the host's choice. */
  public void pass(long ms) {
    nanos += TimeUnit.MILLISECONDS.toNanos(ms) / NORMAL_RATE * rate;
    if (phase == Phase.RUNNING && rate > 0) {
      serving.frames();
    }
    tick();
  }

  /** 1000 is a true clock, 0 a frozen one. */
  public void rate(long permille) {
    rate = permille;
  }

  /** Sets the clock, backwards too. */
  public void jump(long ms) {
    nanos += TimeUnit.MILLISECONDS.toNanos(ms);
    tick();
  }

  // What it sends

  /** What it wants to send now; it then waits for the answer. */
  public Optional<Request> wants() {
    if (waiting != null) {
      return Optional.empty();
    }
    Optional<Request> next =
        switch (phase) {
          case WAITING -> Optional.of(hello);
          case PROVING -> Optional.of(evidence());
          case RUNNING -> beat();
          case ENDED -> Optional.of(last());
          case CLOSED, GONE -> Optional.empty();
        };
    next = next.map(r -> conduct.sends(this, r));
    waiting = next.orElse(null);
    return next;
  }

  private Request evidence() {
    return Request.of(Request.Desk.EVIDENCE, id(), proof().post);
  }

  private Optional<Request> beat() {
    if (proof != null) {
      return Optional.of(evidence());
    }
    return switch (running().step(nanos)) {
      case Step.Beat(Bundles.HeartbeatPost post, var _) ->
          Optional.of(
              Request.of(
                  Request.Desk.HEARTBEAT, id(), Bundle.text(Bundles.HeartbeatPost.class, post)));
      case Step.Reattest _ -> Optional.of(Request.of(Request.Desk.CHALLENGE, id(), ""));
      case Step.Wait _ -> Optional.empty();
      case Step.Stop _ -> {
        tick();
        yield Optional.of(last());
      }
    };
  }

  private Request last() {
    return Request.of(
        Request.Desk.FINAL, id(), Bundle.text(Bundles.FinalPost.class, running().finish()));
  }

  // What it takes

  /** Takes an answer to the request it waits for, whoever made it. */
  public void take(Answer answer) {
    Request asked = waiting;
    if (asked == null) {
      throw new IllegalStateException(name + " waits for no answer");
    }
    waiting = null;
    switch (asked.desk()) {
      case HELLO -> answer.bundle(Bundles.Enrolled.class).ifPresent(this::start);
      case EVIDENCE -> proven(answer);
      case HEARTBEAT -> answered(answer);
      case CHALLENGE -> answer.bundle(Bundles.Enrolled.class).ifPresent(this::recalled);
      case FINAL -> closed(answer);
      case COMMANDS, ORDER, LEASE, PROOF, CONSISTENCY ->
          throw new IllegalStateException("no enclave asks this");
    }
    conduct.took(this, answer);
    tick();
  }

  /** Takes commands, pushed in any order and as often as the host likes. */
  public void push(List<Bundles.CommandItem> commands) {
    if (phase == Phase.RUNNING) {
      running().commands(commands, nanos);
      tick();
    }
  }

  private void start(Bundles.Enrolled enrolled) {
    try {
      Challenged challenged =
          Challenged.accept(relay.apply(enrolled.challenge()), People.program());
      Proof made = prove(challenged);
      Challenge c = challenged.challenge().body();
      Instance me = Instance.of(challenged, ik, made.evidence.hash());
      loop = new LeaseLoop(me, challenged, guard, tally, BOOT, nanos);
      proof = made;
      challengedIn = c.epoch();
      phase = Phase.PROVING;
    } catch (Malformed | BadSignature e) {
      phase = Phase.GONE;
    }
  }

  private void recalled(Bundles.Enrolled enrolled) {
    try {
      Challenged challenged =
          Challenged.accept(relay.apply(enrolled.challenge()), People.program());
      running().recalled(challenged);
      proof = prove(challenged);
    } catch (Malformed | BadSignature e) {
      // Not a challenge to answer: it asks again.
    }
  }

  private Proof prove(Challenged challenged) {
    Signed<EvidenceStatement> evidence =
        Dsse.sign(
            Statements.EVIDENCE,
            challenged.evidence(People.program(), ik.key().ed25519(), sk.publicKey().raw()),
            ik);
    byte[] report =
        chip.report(ReportRequest.of(ReportData.binding(evidence.hash()), People.MEASUREMENT));
    Bundles.EvidencePost post =
        new Bundles.EvidencePost(
            evidence.envelope(),
            Tee.SEV_SNP,
            Bytes.of(report),
            chip.certificates().stream().map(c -> Bytes.of(Certificates.encoded(c))).toList(),
            List.of());
    return new Proof(challenged, evidence, Bundle.text(Bundles.EvidencePost.class, post));
  }

  private void proven(Answer answer) {
    Optional<Bundles.EnrolmentReply> reply = answer.bundle(Bundles.EnrolmentReply.class);
    if (reply.isPresent()) {
      accepted(reply.get());
      return;
    }
    answer
        .refusal()
        .flatMap(envelope -> running().problem(envelope, proof().evidence.hash()))
        .filter(problem -> problem.action() != Problem.Action.RETRY)
        .ifPresent(this::refused);
  }

  private void accepted(Bundles.EnrolmentReply reply) {
    Proof mine = proof();
    try {
      Bundles.EvidencePost post =
          Bundle.parse(
              Bundles.EvidencePost.class,
              mine.post.getBytes(StandardCharsets.UTF_8),
              Bundles.MAX_EVIDENCE_BYTES);
      if (phase == Phase.PROVING) {
        running().enrolled(post, reply, nanos);
        phase = Phase.RUNNING;
      } else {
        running().reattested(mine.challenged, post, reply, nanos);
      }
      proof = null;
    } catch (Malformed | BadSignature | GrantRefused e) {
      // Not an answer to this evidence: it is sent again.
    }
  }

  private void refused(Problem problem) {
    if (phase == Phase.RUNNING) {
      proof = null;
      if (problem.action() == Problem.Action.STOP) {
        running().reattestationRefused(problem);
      }
    } else if (problem.status() == NOT_ACTIVE) {
      // An earlier copy may have been accepted, and its answer lost: a final is due.
      running().stop(Final.Reason.REVOKED);
    } else {
      phase = Phase.GONE;
    }
  }

  private void answered(Answer answer) {
    Optional<Bundles.HeartbeatReply> reply = answer.bundle(Bundles.HeartbeatReply.class);
    if (reply.isPresent()) {
      try {
        running().answered(reply.get(), nanos);
      } catch (GrantRefused e) {
        // Dropped; the heartbeat stays outstanding.
      }
      return;
    }
    answer
        .refusal()
        .ifPresentOrElse(
            envelope -> running().refused(envelope, nanos), () -> running().unanswered(nanos));
  }

  private void closed(Answer answer) {
    if (answer.bundle(Bundles.FinalReply.class).filter(running()::closes).isPresent()) {
      phase = Phase.CLOSED;
    }
  }

  // The end

  /** The host ends it; nothing of it is ever seen again. */
  public void kill() {
    phase = Phase.GONE;
    waiting = null;
  }

  /** The borrower may always stop. */
  public void drain() {
    if (phase == Phase.RUNNING) {
      running().drain(Final.Reason.BORROWER, nanos);
      tick();
    }
  }

  private void tick() {
    if (phase == Phase.RUNNING) {
      running().tick(nanos);
    }
    boolean stopped = loop != null && loop.isStopped();
    if (stopped && (phase == Phase.RUNNING || phase == Phase.PROVING)) {
      serving.stop();
      proof = null;
      waiting = null;
      phase = Phase.ENDED;
    }
  }

  private LeaseLoop running() {
    if (loop == null) {
      throw new IllegalStateException(name + " has no lease yet");
    }
    return loop;
  }

  private Proof proof() {
    if (proof == null) {
      throw new IllegalStateException(name + " has nothing to prove");
    }
    return proof;
  }

  private Id id() {
    return running().me().instanceId();
  }
}
