package dev.leasehold.adversary.model;

import dev.leasehold.core.lease.Vec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * All variables of the model: the facts, the messages that were ever sent, which enclaves have a
 * heartbeat unanswered, and the history {@code h}.
 *
 * @param net {@code net}: messages are never removed; in the order in which they were sent, so that
 *     of two that explain the same step it is always the same one
 * @param pending the newest heartbeat of each enclave that waits for its answer, {@code pend}
 * @param afterStop work since the lease was stopped, {@code h.after}
 * @param stale work of enclaves of an older epoch since the newest recall, {@code h.stale}
 */
record State(
    Facts facts, Set<Message> net, Map<String, Message> pending, Vec afterStop, Vec stale) {

  static State initial(Facts facts) {
    return new State(facts, Set.of(), Map.of(), Vec.ZERO, Vec.ZERO);
  }

  Row row(String i) throws NotEnabled {
    Row row = facts.rows().get(i);
    if (row == null) {
      throw new NotEnabled("db[i] is none");
    }
    return row;
  }

  Machine machine(String i) throws NotEnabled {
    Machine machine = facts.machines().get(i);
    if (machine == null) {
      throw new NotEnabled("enc[i].st is off");
    }
    return machine;
  }

  /** {@code Expo(db)}: promised and not proven used, by all that are not provably closed. */
  Vec exposure() {
    return facts.rows().values().stream()
        .filter(Row::isUnresolved)
        .map(Row::exposure)
        .reduce(Vec.ZERO, Vec::plus);
  }

  /** {@code Room(db, lease)}: how much more may be promised. */
  Vec room() {
    Caps caps = facts.caps();
    return caps.budget()
        .minusOrZero(facts.reserved())
        .min(caps.exposureMax().minusOrZero(exposure()));
  }

  State lease(Facts.LeaseState state, long epoch, Vec reserved, Caps caps) {
    return with(new Facts(state, epoch, reserved, caps, facts.rows(), facts.machines()));
  }

  State reserved(Vec reserved) {
    return lease(facts.lease(), facts.epoch(), reserved, facts.caps());
  }

  State row(String i, Row row) {
    Map<String, Row> rows = new HashMap<>(facts.rows());
    rows.put(i, row);
    return with(
        new Facts(
            facts.lease(), facts.epoch(), facts.reserved(), facts.caps(), rows, facts.machines()));
  }

  State machine(String i, Machine machine) {
    Map<String, Machine> machines = new HashMap<>(facts.machines());
    machines.put(i, machine);
    return with(
        new Facts(
            facts.lease(), facts.epoch(), facts.reserved(), facts.caps(), facts.rows(), machines));
  }

  State sent(Message message) {
    Set<Message> all = new LinkedHashSet<>(net);
    all.add(message);
    return new State(facts, all, pending, afterStop, stale);
  }

  State pending(String i, Message heartbeat) {
    Map<String, Message> all = new HashMap<>(pending);
    all.put(i, heartbeat);
    return new State(facts, net, all, afterStop, stale);
  }

  State answered(String i) {
    Map<String, Message> all = new HashMap<>(pending);
    all.remove(i);
    return new State(facts, net, all, afterStop, stale);
  }

  State history(Vec nextAfterStop, Vec nextStale) {
    return new State(facts, net, pending, nextAfterStop, nextStale);
  }

  private State with(Facts next) {
    return new State(next, net, pending, afterStop, stale);
  }
}
