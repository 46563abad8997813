package dev.leasehold.enclave.life;

import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.enclave.api.EnclaveApi;
import dev.leasehold.enclave.api.Model;
import dev.leasehold.enclave.attest.Attester;
import dev.leasehold.enclave.key.IdentityKey;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.model.LeaseLimits;
import dev.leasehold.enclave.model.LlmService;
import dev.leasehold.enclave.model.Metering;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.relay.RelayClient;
import dev.leasehold.enclave.terms.Program;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One boot of an enclave as {@link Enclave} lives it, with the package neither fetched nor opened
 * and a script for an engine: keys, enrolment, lease loop, guard, scheduler, API, sealed frames,
 * stop and final are the real ones.
 */
public final class ScriptedBoot {
  /** What every step of the engine writes. */
  public static final String WORD = ScriptedEngine.WORD;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Where consumers reach it, and by which key its statements are signed. */
  public record Door(URI uri, KeyRecord ik) {}

  private final CompletableFuture<Door> serving = new CompletableFuture<>();
  private final CompletableFuture<Long> stopped = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Program program;
  private final RelayClient relay;
  private final Attester attester;
  private final int streams;
  private final Duration step;
  private final SecureRandom random = new SecureRandom();
  private final Guard guard = new Guard(System.nanoTime());
  private final Tally tally = new Tally();

  private ScriptedBoot(Program program, URI relay, Attester attester, int streams, Duration step) {
    this.program = program;
    this.relay = new RelayClient(relay);
    this.attester = attester;
    this.streams = streams;
    this.step = step;
  }

  /**
   * Boots in a thread of its own.
   *
   * @param relay its inner listener
   * @param streams texts written at once
   * @param step between two tokens of a text
   */
  public static ScriptedBoot start(
      Program program, URI relay, Attester attester, int streams, Duration step) {
    ScriptedBoot boot = new ScriptedBoot(program, relay, attester, streams, step);
    Thread.ofPlatform().daemon().name("enclave").start(boot::run);
    return boot;
  }

  public Door awaitServing() throws Exception {
    return serving.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** When the guard was closed, by {@link System#nanoTime}: no token is shown after it. */
  public long awaitStopped() throws Exception {
    return stopped.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits until the custodian has closed its account: the proof of cessation. */
  public void awaitClosed() throws Exception {
    closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void run() {
    try {
      live();
    } catch (Throwable e) {
      serving.completeExceptionally(e);
      stopped.completeExceptionally(e);
      closed.completeExceptionally(e);
    }
  }

  private void note(Event event, String detail) {
    switch (event) {
      case CLOSED -> closed.complete(null);
      case NOT_CLOSED, ENROLMENT_REFUSED, START_REFUSED, NO_REPORT, FRAMES_CUT ->
          closed.completeExceptionally(new IllegalStateException(event + " " + detail));
      default -> {}
    }
  }

  private void live() throws Exception {
    try (IdentityKey ik = IdentityKey.generate(random);
        HpkeKeyPair sk = HpkeKeyPair.generate()) {
      Prover prover = new Prover(program, attester, ik, sk.publicKey());
      Enrolment enrolment =
          new Enrolment(relay, program, prover, ik, guard, tally, System::nanoTime, this::note);
      if (enrolment.run() instanceof Enrolment.Result.Enrolled enrolled) {
        serve(enrolled, prover, ik.key(), sk);
      } else {
        throw new IllegalStateException("not enrolled");
      }
    }
  }

  private void serve(
      Enrolment.Result.Enrolled enrolled, Prover prover, KeyRecord ik, HpkeKeyPair sk)
      throws Exception {
    LeaseLoop loop = enrolled.loop();
    Pulse pulse = Pulse.start(loop, relay, program, prover, System::nanoTime, this::note);
    LoadedModel model = new LoadedModel(new Model.Llm(model(enrolled)));
    EnclaveApi api =
        EnclaveApi.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Serving(loop, guard, tally, System::nanoTime),
            model.model(),
            random);
    serving.complete(new Door(URI.create("http://127.0.0.1:" + api.port()), ik));
    loop.awaitStop();
    stopped.complete(System.nanoTime());
    guard.mode(Mode.STOP);
    Shutdown shutdown = new Shutdown(guard, relay, System::nanoTime, this::note);
    shutdown.wipe(Optional.of(api), Optional.of(model), sk);
    pulse.stop();
    shutdown.lastWord(loop);
    api.close();
  }

  private LlmService model(Enrolment.Result.Enrolled enrolled) {
    Tariff tariff = new Tariff(enrolled.challenged().terms().modelPackage().body().flops());
    return new LlmService(
        new ScriptedEngine(tariff, streams, step),
        new Metering(guard, tariff, () -> limits(enrolled.loop().lease()), System::nanoTime),
        random::nextLong);
  }

  private static LeaseLimits limits(Lease lease) {
    return new LeaseLimits(lease.budget(), Duration.ofMillis(lease.heartbeatMs()));
  }
}
