package dev.leasehold.enclave.life;

import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.Final;
import dev.leasehold.enclave.api.EnclaveApi;
import dev.leasehold.enclave.attest.Attester;
import dev.leasehold.enclave.key.IdentityKey;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.relay.RelayClient;
import dev.leasehold.enclave.terms.Program;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One boot: a new identity, enrolled, serving, stopped, wiped. A restart is another identity;
 * nothing is kept (protocol §9.1).
 */
public final class Enclave {
  /** How the process ends. */
  public enum Ending {
    /** A final was signed. */
    FINISHED,
    /** It never got a grant. */
    NOT_ENROLLED
  }

  private final Program program;
  private final RelayClient relay;
  private final Attester attester;
  private final InetSocketAddress listen;
  private final int threads;
  private final SecureRandom random;
  private final LongSupplier nanoTime;
  private final EventLog log;
  private final Guard guard;
  private final Tally tally = new Tally();

  public Enclave(
      Program program,
      RelayClient relay,
      Attester attester,
      InetSocketAddress listen,
      int threads,
      SecureRandom random,
      LongSupplier nanoTime,
      EventLog log) {
    this.program = program;
    this.relay = relay;
    this.attester = attester;
    this.listen = listen;
    this.threads = threads;
    this.random = random;
    this.nanoTime = nanoTime;
    this.log = log;
    this.guard = new Guard(nanoTime.getAsLong());
  }

  /** Lives until the lease, the custodian or the borrower ends it. */
  public Ending run() throws InterruptedException {
    try (IdentityKey ik = IdentityKey.generate(random);
        HpkeKeyPair sk = HpkeKeyPair.generate()) {
      Prover prover = new Prover(program, attester, ik, sk.publicKey());
      Enrolment enrolment = new Enrolment(relay, program, prover, ik, guard, tally, nanoTime, log);
      return switch (enrolment.run()) {
        case Enrolment.Result.Refused r -> Ending.NOT_ENROLLED;
        case Enrolment.Result.Over(LeaseLoop loop) -> over(loop, sk);
        case Enrolment.Result.Enrolled enrolled -> live(enrolled, prover, sk);
      };
    }
  }

  private Ending over(LeaseLoop loop, HpkeKeyPair sk) throws InterruptedException {
    Shutdown shutdown = shutdown();
    shutdown.wipe(Optional.empty(), Optional.empty(), sk);
    shutdown.lastWord(loop);
    return Ending.FINISHED;
  }

  private Ending live(Enrolment.Result.Enrolled enrolled, Prover prover, HpkeKeyPair sk)
      throws InterruptedException {
    LeaseLoop loop = enrolled.loop();
    Pulse pulse = Pulse.start(loop, relay, program, prover, nanoTime, log);
    Optional<EnclaveApi> api;
    try {
      api = serveUntilStopped(enrolled, sk);
    } finally {
      pulse.stop();
    }
    shutdown().lastWord(loop);
    api.ifPresent(EnclaveApi::close);
    return Ending.FINISHED;
  }

  /** Returns when nothing works any more and everything is wiped. */
  private Optional<EnclaveApi> serveUntilStopped(Enrolment.Result.Enrolled enrolled, HpkeKeyPair sk)
      throws InterruptedException {
    LeaseLoop loop = enrolled.loop();
    Optional<LoadedModel> model = Optional.empty();
    Optional<EnclaveApi> api = Optional.empty();
    try {
      model = Optional.of(load(enrolled, sk));
      api = Optional.of(serve(loop, model.get()));
      log.note(Event.STOPPING, loop.awaitStop().name());
    } catch (ModelLoader.LoadFailed | IOException e) {
      log.note(Event.LOAD_FAILED);
      loop.stop(Final.Reason.LOAD_FAILED);
    } finally {
      guard.mode(Mode.STOP);
      shutdown().wipe(api, model, sk);
    }
    return api;
  }

  private LoadedModel load(Enrolment.Result.Enrolled enrolled, HpkeKeyPair sk)
      throws ModelLoader.LoadFailed {
    return new ModelLoader(relay, guard, nanoTime, random, threads, log)
        .load(enrolled.loop(), enrolled.challenged(), enrolled.release(), sk);
  }

  private EnclaveApi serve(LeaseLoop loop, LoadedModel model) throws IOException {
    EnclaveApi api =
        EnclaveApi.start(listen, new Serving(loop, guard, tally, nanoTime), model.model(), random);
    log.note(Event.LISTENING, listen.getHostString() + ":" + api.port());
    return api;
  }

  private Shutdown shutdown() {
    return new Shutdown(guard, relay, nanoTime, log);
  }
}
