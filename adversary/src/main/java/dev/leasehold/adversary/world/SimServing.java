package dev.leasehold.adversary.world;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.enclave.api.AnswerStream;
import dev.leasehold.enclave.api.Receipts;
import dev.leasehold.enclave.api.ServedLease;
import dev.leasehold.enclave.meter.Instance;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.meter.View;
import dev.leasehold.enclave.model.Finish;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an enclave does for consumers: every piece of work under a permit of its guard, every answer
 * through its own streams, and a receipt of its own for each. What is done and shown is counted
 * here, where it happens, and not where it is charged.
 */
public final class SimServing {
  private static final Vec ADMISSION = new Vec(1, 0, 0, 0);

  /** More than so many frames at a time would be padding. */
  private static final int FRAMES_A_TURN = 8;

  private final SimEnclave enclave;
  private final Tally tally;
  private final Conduct conduct;
  private final List<SimStream> open = new ArrayList<>();
  private final List<SimStream> ended = new ArrayList<>();
  private final List<Shown> shown = new ArrayList<>();
  private @Nullable Receipts receipts;
  private Vec done = Vec.ZERO;
  private Vec brokenOff = Vec.ZERO;

  /** Tokens left the enclave when its guard was in this state and its clock said so. */
  public record Shown(Guard.State state, long now) {}

  /** The lease as the enclave's API sees it. */
  private record Served(SimEnclave enclave, LeaseLoop loop, Tally tally) implements ServedLease {
    @Override
    public Instance me() {
      return loop.me();
    }

    @Override
    public View view() {
      return loop.view().orElseThrow();
    }

    @Override
    public boolean mayEmit() {
      return enclave.guard().mayEmit(enclave.now());
    }

    @Override
    public void drain() {
      enclave.drain();
    }
  }

  SimServing(SimEnclave enclave, Tally tally, Conduct conduct) {
    this.enclave = enclave;
    this.tally = tally;
    this.conduct = conduct;
  }

  // What was done

  /** Work really done since boot. */
  public Vec done() {
    return done;
  }

  /** What was done for consumers whose connection broke off: nobody has a receipt for it. */
  public Vec brokenOff() {
    return brokenOff;
  }

  /** Answers that are still being made or sent. */
  public List<SimStream> open() {
    return List.copyOf(open);
  }

  /** Answers that have ended with a receipt, in that order. */
  public List<SimStream> ended() {
    return List.copyOf(ended);
  }

  /** What was shown since this was last asked. */
  public List<Shown> shown() {
    List<Shown> out = List.copyOf(shown);
    shown.clear();
    return out;
  }

  // Work

  /**
   * A consumer asks.
   *
   * @return the answer to be made, if the request was admitted
   */
  public Optional<SimStream> admit(SecureRandom random, Delivery delivery) {
    Optional<LeaseLoop> loop =
        enclave.loop().filter(l -> l.view().flatMap(View::staple).isPresent());
    if (loop.isEmpty()) {
      return Optional.empty();
    }
    tally.entered();
    if (denied(ADMISSION).isPresent()) {
      tally.denied();
      return Optional.empty();
    }
    SimStream stream = stream(new Served(enclave, loop.get(), tally), random, delivery);
    open.add(stream);
    return Optional.of(stream);
  }

  private SimStream stream(Served lease, SecureRandom random, Delivery delivery) {
    SimConsumer consumer =
        new SimConsumer(
            random, delivery, lease.view().terms().lease().body().stream().frameBytes());
    Receipts signer = receipts == null ? new Receipts(lease) : receipts;
    receipts = signer;
    AnswerStream answer =
        new AnswerStream(
            consumer.answer(random),
            new SimStream.Plain(),
            delivery,
            () -> lease.mayEmit() || conduct.showsAnyway(enclave),
            tally,
            (writer, charged, finish) ->
                conduct.gives(enclave, signer.sign(consumer.question(), writer, charged, finish)),
            () -> lease.view().staple().orElseThrow());
    return new SimStream(consumer, answer, ADMISSION);
  }

  /**
   * One step of a request that was admitted.
   *
   * @return whether the guard permitted it
   */
  public boolean decode(SimStream stream, long tokens) {
    Vec cost = new Vec(0, 0, tokens, 0);
    Optional<Denied.Reason> denied = denied(cost);
    if (denied.isEmpty()) {
      stream.made(tokens, cost);
    } else if (denied.get() != Denied.Reason.EXHAUSTED) {
      stream.end(Finish.LEASE_STOPPED);
    }
    return denied.isEmpty();
  }

  /** Does a piece of work, or says why it must not. */
  private Optional<Denied.Reason> denied(Vec need) {
    try (Permit permit = enclave.guard().acquire(need, enclave.now())) {
      permit.consume();
    } catch (Denied e) {
      if (!conduct.worksAnyway(enclave, need)) {
        return Optional.of(e.reason());
      }
    }
    done = done.plus(need);
    return Optional.empty();
  }

  // Frames

  /** Frames leave: those that take what there is, and of a stream that is to be cut all. */
  void frames() {
    for (SimStream s : List.copyOf(open)) {
      boolean cut = !enclave.guard().mayEmit(enclave.now());
      for (int i = 0; i < FRAMES_A_TURN && (s.hasMore() || (cut && !s.hasEnded())); i++) {
        frame(s);
      }
    }
  }

  private void frame(SimStream stream) {
    Shown now = new Shown(enclave.guard().state(), enclave.now());
    if (stream.frame() > 0) {
      shown.add(now);
    }
    if (stream.hasEnded()) {
      open.remove(stream);
      ended.add(stream);
    }
  }

  /** The connection to a consumer breaks off, and the enclave sees it. */
  public void breakOff(SimStream stream) {
    stream.breakOff();
    open.remove(stream);
    brokenOff = brokenOff.plus(stream.charged());
  }

  /** Ends all streams: nothing is made any more, and each consumer gets the receipt. */
  void stop() {
    open.forEach(s -> s.end(Finish.LEASE_STOPPED));
    while (!open.isEmpty()) {
      frames();
    }
  }
}
