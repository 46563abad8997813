package dev.leasehold.enclave.life;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.enclave.meter.GrantRefused;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.meter.Step;
import dev.leasehold.enclave.relay.Answer;
import dev.leasehold.enclave.relay.RelayClient;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.enclave.terms.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps the lease alive: one thread beats and re-attests, one waits for commands, one lets time
 * pass while the other two wait for the host. They are platform threads: inference must not hold
 * them up.
 */
final class Pulse {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration COMMAND_WAIT = Duration.ofSeconds(25);
  private static final long ASK_AGAIN_MS = 50;

  private final LeaseLoop loop;
  private final RelayClient relay;
  private final Program program;
  private final Prover prover;
  private final LongSupplier nanoTime;
  private final EventLog log;
  private final Id instance;
  private final List<Thread> threads;

  private Pulse(
      LeaseLoop loop,
      RelayClient relay,
      Program program,
      Prover prover,
      LongSupplier nanoTime,
      EventLog log) {
    this.loop = loop;
    this.relay = relay;
    this.program = program;
    this.prover = prover;
    this.nanoTime = nanoTime;
    this.log = log;
    this.instance = loop.me().instanceId();
    this.threads =
        List.of(
            thread("beat", this::beat),
            thread("commands", this::listen),
            thread("tick", this::tick));
  }

  static Pulse start(
      LeaseLoop loop,
      RelayClient relay,
      Program program,
      Prover prover,
      LongSupplier nanoTime,
      EventLog log) {
    Pulse pulse = new Pulse(loop, relay, program, prover, nanoTime, log);
    pulse.threads.forEach(Thread::start);
    return pulse;
  }

  /** Ends the threads and waits for them: nothing is sent after the final. */
  void stop() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void beat() throws InterruptedException {
    while (true) {
      switch (loop.step(now())) {
        case Step.Stop s -> {
          return;
        }
        case Step.Wait(long until) -> TimeUnit.NANOSECONDS.sleep(Math.max(0, until - now()));
        case Step.Beat beat -> beat(beat);
        case Step.Reattest r -> reattest();
      }
    }
  }

  private void beat(Step.Beat beat) throws InterruptedException {
    Duration patience = Duration.ofMillis(Math.min(PATIENCE.toMillis(), loop.beatMs()));
    switch (relay.heartbeat(instance, beat.post(), patience)) {
      case Answer.Reply<Bundles.HeartbeatReply>(Bundles.HeartbeatReply reply) -> {
        try {
          loop.answered(reply, now());
        } catch (GrantRefused e) {
          log.note(Event.GRANT_DROPPED, e.check().name());
        }
      }
      case Answer.Refusal<Bundles.HeartbeatReply>(var envelope) -> loop.refused(envelope, now());
      case Answer.Nothing<Bundles.HeartbeatReply> n -> loop.unanswered(now());
    }
  }

  /** One challenge, answered until it is accepted or refused; the next step says what follows. */
  private void reattest() throws InterruptedException {
    Backoff backoff = new Backoff();
    try {
      if (relay.challenge(instance, PATIENCE)
          instanceof Answer.Reply<Bundles.Start>(Bundles.Start start)) {
        Challenged challenged = Challenged.accept(start, program);
        loop.recalled(challenged);
        log.note(Event.RECALLED);
        prove(challenged, prover.prove(challenged), backoff);
        return;
      }
    } catch (Malformed | BadSignature | IOException e) {
      // Not a challenge to answer, or no report just now: ask again.
    }
    backoff.pause();
  }

  private void prove(Challenged challenged, Prover.Proof proof, Backoff backoff)
      throws InterruptedException {
    while (!loop.isStopped()) {
      switch (relay.evidence(instance, proof.post(), PATIENCE)) {
        case Answer.Reply<Bundles.EnrolmentReply>(Bundles.EnrolmentReply reply) -> {
          if (accepted(challenged, proof, reply)) {
            return;
          }
        }
        case Answer.Refusal<Bundles.EnrolmentReply>(var envelope) -> {
          Optional<Problem.Action> action =
              loop.problem(envelope, proof.evidence().hash()).map(this::refused);
          if (action.isPresent() && action.get() != Problem.Action.RETRY) {
            return;
          }
        }
        case Answer.Nothing<Bundles.EnrolmentReply> n -> {}
      }
      backoff.pause();
    }
  }

  private boolean accepted(
      Challenged challenged, Prover.Proof proof, Bundles.EnrolmentReply reply) {
    try {
      loop.reattested(challenged, proof.post(), reply, now());
      log.note(Event.REATTESTED);
      return true;
    } catch (Malformed | BadSignature e) {
      return false;
    }
  }

  private Problem.Action refused(Problem problem) {
    if (problem.action() == Problem.Action.STOP) {
      loop.reattestationRefused(problem);
    }
    return problem.action();
  }

  private void listen() throws InterruptedException {
    while (!loop.isStopped()) {
      long seen = loop.commandsSeen();
      if (relay.commands(instance, seen, COMMAND_WAIT)
          instanceof Answer.Reply<Bundles.CommandsReply>(var reply)) {
        loop.commands(reply.commands(), now());
      }
      if (loop.commandsSeen() == seen) {
        TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS);
      }
    }
  }

  private void tick() throws InterruptedException {
    while (!loop.isStopped()) {
      loop.tick(now());
      loop.awaitTick(nanoTime);
    }
  }

  private long now() {
    return nanoTime.getAsLong();
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  /** A thread that fails ends the enclave: without it the lease would not be kept. */
  private Thread thread(String name, Work work) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .unstarted(() -> {
          try {
            work.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            loop.stop(Final.Reason.FAULT);
          }
        });
  }
}
