package dev.leasehold.enclave.life;

import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.enclave.api.EnclaveApi;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.relay.Answer;
import dev.leasehold.enclave.relay.RelayClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The stop order of protocol §9.4: the mode is STOP already; end the streams, wait until nothing
 * works, wipe, and only then sign and send the final.
 */
final class Shutdown {
  private static final Duration CLOSURE = Duration.ofSeconds(60);
  private static final Duration ONE_POST = Duration.ofSeconds(10);
  private static final long STEP_SECONDS = 30;

  private final Guard guard;
  private final RelayClient relay;
  private final LongSupplier nanoTime;
  private final EventLog log;

  Shutdown(Guard guard, RelayClient relay, LongSupplier nanoTime, EventLog log) {
    this.guard = guard;
    this.relay = relay;
    this.nanoTime = nanoTime;
    this.log = log;
  }

  /** Ends everything that could work or sign, and overwrites what it worked with. */
  void wipe(Optional<EnclaveApi> api, Optional<LoadedModel> model, HpkeKeyPair sk)
      throws InterruptedException {
    model.ifPresent(LoadedModel::stop);
    if (!guard.awaitIdle(STEP_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a step did not end: no final can be signed");
    }
    if (api.isPresent() && !api.get().endStreams()) {
      log.note(Event.FRAMES_CUT);
    }
    model.ifPresent(LoadedModel::wipe);
    api.ifPresent(EnclaveApi::destroyKeys);
    sk.close();
    log.note(Event.WIPED);
  }

  /** Sends the final, the same bytes each time, until the closure comes or a minute is over. */
  void lastWord(LeaseLoop loop) throws InterruptedException {
    Bundles.FinalPost post = loop.finish();
    long end = nanoTime.getAsLong() + CLOSURE.toNanos();
    Backoff backoff = new Backoff();
    while (nanoTime.getAsLong() - end < 0) {
      if (relay.lastWord(loop.me().instanceId(), post, ONE_POST)
              instanceof Answer.Reply<Bundles.FinalReply>(Bundles.FinalReply reply)
          && loop.closes(reply)) {
        log.note(Event.CLOSED);
        return;
      }
      backoff.pause();
    }
    log.note(Event.NOT_CLOSED);
  }
}
