package dev.leasehold.enclave.model;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.LlmEngine;
import dev.leasehold.enclave.model.engine.LlmEngine.Decode;
import dev.leasehold.enclave.model.engine.LlmEngine.Logits;
import dev.leasehold.enclave.model.engine.LlmEngine.StepFailed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Takes the steps of all live sequences together (protocol §9.3): charge, step, check that the
 * result may still be shown, show it. Confined to one thread; {@link LlmService} runs it.
 */
final class Scheduler {
  private final LlmEngine engine;
  private final Metering metering;
  private final List<Lane> lanes = new ArrayList<>();
  private final Deque<Lane> waiting = new ArrayDeque<>();
  private final BitSet sequences = new BitSet();
  private final float[] scores;

  Scheduler(LlmEngine engine, Metering metering) {
    this.engine = engine;
    this.metering = metering;
    scores = new float[engine.vocabulary().size()];
  }

  void add(Lane lane) {
    waiting.add(lane);
  }

  int live() {
    return lanes.size() + waiting.size();
  }

  /** Does one round; returns false when there was nothing that could be done now. */
  boolean round() {
    // In this order: a stop that comes after the check is seen by whoever watches the lease.
    engine.interrupt(false);
    if (!metering.mayEmit()) {
      finishAll(Finish.LEASE_STOPPED);
      return false;
    }
    drop(select(waiting, Lane::cancelled), Finish.CANCELLED);
    drop(select(lanes, Lane::cancelled), Finish.CANCELLED);
    enterWaiting();
    boolean read = prefillOne();
    return decodeAll() || read;
  }

  void finishAll(Finish finish) {
    drop(List.copyOf(lanes), finish);
    drop(List.copyOf(waiting), finish);
  }

  private void enterWaiting() {
    while (!waiting.isEmpty() && lanes.size() < engine.maxSequences()) {
      Lane lane = waiting.remove();
      int free = sequences.nextClearBit(0);
      sequences.set(free);
      lane.enter(free);
      lanes.add(lane);
    }
  }

  /** One chunk of one prompt, the oldest that can be paid: long prompts do not hold up the rest. */
  private boolean prefillOne() {
    for (Lane lane : select(lanes, Lane::inPrefill)) {
      int size = lane.prefillSize(engine.maxPrefill());
      Vec need = lane.prefillNeed(metering.tariff(), size);
      try (Permit permit = acquire(need)) {
        lane.charge(need);
        lane.unpark();
        prefill(lane, permit, size);
        return true;
      } catch (Denied e) {
        denied(List.of(lane), need, e);
      } catch (StepFailed e) {
        drop(List.of(lane), reason(e));
        return true;
      }
    }
    return false;
  }

  private void prefill(Lane lane, Permit permit, int size) throws StepFailed {
    int[] tokens = lane.prefillTokens(size);
    if (tokens.length == 0) {
      permit.consume();
    } else {
      engine.prefill(permit, lane.sequence(), lane.prefillFrom(), tokens);
    }
    lane.prefilled(size);
  }

  /** One token for as many sequences as the allowance covers, oldest first. */
  private boolean decodeAll() {
    List<Lane> batch = select(lanes, Lane::wantsDecode);
    while (!batch.isEmpty()) {
      Vec need = need(batch);
      try (Permit permit = acquire(need)) {
        batch.forEach(lane -> lane.charge(lane.decodeNeed(metering.tariff())));
        batch.forEach(Lane::unpark);
        decode(batch, permit);
        return true;
      } catch (Denied e) {
        List<Lane> fit = e.reason() == Denied.Reason.EXHAUSTED ? affordable(batch) : List.of();
        denied(batch.subList(fit.size(), batch.size()), need, e);
        batch = fit;
      } catch (StepFailed e) {
        drop(batch, reason(e));
        return true;
      }
    }
    return false;
  }

  private void decode(List<Lane> batch, Permit permit) throws StepFailed {
    List<Decode> work = new ArrayList<>(batch.size());
    for (Lane lane : batch) {
      work.add(lane.decode());
    }
    Logits logits = engine.decode(permit, work);
    for (int i = 0; i < batch.size(); i++) {
      logits.copy(i, scores);
      batch.get(i).made(scores);
    }
    if (!metering.mayEmit()) {
      drop(batch, Finish.LEASE_STOPPED);
      return;
    }
    for (Lane lane : batch) {
      Finish finish = lane.emit(engine.vocabulary(), engine.contextLength());
      if (finish != null) {
        drop(List.of(lane), finish);
      }
    }
  }

  /** The longest proper beginning of the batch that the allowance still covers. */
  private List<Lane> affordable(List<Lane> batch) {
    Vec left = metering.guard().state().left();
    int count = batch.size() - 1;
    while (count > 0 && !need(batch.subList(0, count)).atMost(left)) {
      count--;
    }
    return batch.subList(0, count);
  }

  private Vec need(List<Lane> batch) {
    Vec need = Vec.ZERO;
    for (Lane lane : batch) {
      need = need.plus(lane.decodeNeed(metering.tariff()));
    }
    return need;
  }

  /** A copy: what is done with the lanes found may remove them. A loop, as it runs every step. */
  private static List<Lane> select(Collection<Lane> from, Predicate<Lane> which) {
    List<Lane> found = new ArrayList<>(from.size());
    for (Lane lane : from) {
      if (which.test(lane)) {
        found.add(lane);
      }
    }
    return found;
  }

  /** Lanes whose step was not paid wait for a grant where one may come, and end otherwise. */
  private void denied(List<Lane> unpaid, Vec need, Denied why) {
    if (why.reason() != Denied.Reason.EXHAUSTED) {
      drop(unpaid, Finish.LEASE_STOPPED);
      return;
    }
    long now = metering.nanoTime().getAsLong();
    LeaseLimits limits = metering.limits().get();
    long until = now + 2 * limits.heartbeat().toNanos();
    boolean hopeless = hopeless(need, limits.budget());
    for (Lane lane : List.copyOf(unpaid)) {
      if (hopeless || now - lane.park(until) >= 0) {
        lane.end();
        drop(List.of(lane), Finish.LEASE_EXHAUSTED);
      }
    }
  }

  /** True when a component that is short is at the lease's budget or was not raised last time. */
  private boolean hopeless(Vec need, Vec budget) {
    Guard.State state = metering.guard().state();
    for (Vec.Component c : Vec.Component.values()) {
      boolean isShort = need.get(c) > state.left().get(c);
      long allow = state.allow().get(c);
      if (isShort && (allow >= budget.get(c) || allow == state.before().get(c))) {
        return true;
      }
    }
    return false;
  }

  private Permit acquire(Vec need) throws Denied {
    return metering.guard().acquire(need, metering.nanoTime().getAsLong());
  }

  private static Finish reason(StepFailed e) {
    return e.interrupted() ? Finish.LEASE_STOPPED : Finish.ERROR;
  }

  private void drop(List<Lane> ended, Finish finish) {
    for (Lane lane : List.copyOf(ended)) {
      if (lanes.remove(lane)) {
        sequences.clear(lane.sequence());
        engine.forget(lane.sequence());
      } else {
        waiting.remove(lane);
      }
      lane.finish(finish);
    }
  }
}
