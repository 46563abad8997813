package dev.leasehold.adversary.oracle;

import dev.leasehold.adversary.model.Caps;
import dev.leasehold.adversary.model.Facts;
import dev.leasehold.adversary.model.Facts.LeaseState;
import dev.leasehold.adversary.model.Machine;
import dev.leasehold.adversary.model.Model;
import dev.leasehold.adversary.model.Row;
import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.Request;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.adversary.world.SimServing;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.meter.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a run. It is told what leaves enclaves and what the custodian answers, it reads the books
 * itself after every step, and it knows what no party knows: how much work was really done.
 */
public final class Oracle {
  private final Notary notary;
  private final Receipts receipts;
  private final Model model;
  private final Map<SimEnclave, Long> deadlines = new HashMap<>();
  private final Map<SimEnclave, Hash> acknowledged = new HashMap<>();
  private final Set<String> ordersSeen = new HashSet<>();
  private final Map<String, Vec> attempts = new HashMap<>();
  private final List<Bound> bounds = new ArrayList<>();
  private final Map<Identity, String> names = new HashMap<>();
  private Books books;
  private boolean back;
  private boolean unaware;

  /** Two enclaves may be handed one challenge, and two may draw one key; never both (A1). */
  private record Identity(Id instance, Hash ik) {}

  /** What a stop has promised: at most so much more than was done at that moment. */
  private record Bound(String order, Vec done, Vec most) {}

  /** A run that starts with these books. */
  public Oracle(Roster roster, Books start, Lease lease) {
    this.notary = new Notary(roster);
    this.receipts = new Receipts(notary);
    this.books = start;
    this.model = new Model(facts(List.of(), lease));
  }

  public Books books() {
    return books;
  }

  // What it is told

  /** An enclave sends something; evidence of an instance not seen before is its boot. */
  public void sends(SimEnclave enclave, Request request) {
    switch (request.desk()) {
      case EVIDENCE -> boots(enclave);
      case HEARTBEAT -> {
        Heartbeat h =
            notary.heartbeat(id(enclave), parsed(Bundles.HeartbeatPost.class, request).heartbeat());
        explained(() -> model.beats(enclave.name(), h.epoch(), h.seq(), h.used()));
      }
      case FINAL -> {
        Bundles.FinalPost post = parsed(Bundles.FinalPost.class, request);
        Final f = notary.last(id(enclave), post.finalEnvelope());
        Violation.require(
            f.used().equals(enclave.done()),
            "a final tells the whole truth",
            f.used() + " of " + enclave.done());
        receipts.same(enclave, f.used());
        explained(
            () -> model.ends(enclave.name(), f.seq(), f.used(), post.unanswered().isPresent()));
      }
      default -> {}
    }
  }

  private void boots(SimEnclave enclave) {
    Identity identity = identity(enclave);
    if (names.putIfAbsent(identity, enclave.name()) == null) {
      notary.identified(identity.instance, enclave.ik().key());
      explained(() -> model.boots(enclave.name(), enclave.epoch()));
    }
  }

  /** The custodian has answered, so what it answered must hold for ever. */
  public void answered(Request request, Answer answer, Vec done) {
    notary
        .answered(request, answer)
        .ifPresent(g ->
            explained(() ->
                model.grants(name(new Identity(g.instanceId(), g.ik())), g.seq(), g.allow())));
    boolean order = request.desk() == Request.Desk.ORDER && answer.isGood();
    if (order && !unaware && ordersSeen.add(request.body())) {
      Vec then = attempts.getOrDefault(request.body(), done);
      answer
          .bundle(Bundles.OrderReply.class)
          .ifPresent(r -> bounds.add(new Bound(request.body(), then, r.x().plus(r.residual()))));
    }
  }

  /** Nobody answered; an order may have been carried out all the same. */
  public void unanswered(Request request, Vec done) {
    if (request.desk() == Request.Desk.ORDER) {
      attempts.putIfAbsent(request.body(), done);
    }
  }

  /** The custodian is back: what it did before it went down, it did then and not now. */
  public void restarted(Books found) {
    if (books.lease().state() == found.lease().state()) {
      attempts.clear();
    }
  }

  /**
   * The ledger is an older one from now on. Its model is at an end, and what the custodian says may
   * contradict what it has forgotten; what it has said binds all the same.
   *
   * @param anchorToo then it does not even know that it has forgotten, and cannot know what its
   *     stops are worth
   */
  public void goesBack(boolean anchorToo) {
    back = true;
    unaware = anchorToo;
    if (unaware) {
      bounds.clear();
    }
    notary.forgotten();
  }

  public boolean wentBack() {
    return back;
  }

  /** A custodian was asked while it was frozen. */
  public void frozen(Request request, Answer answer) {
    boolean promise =
        switch (request.desk()) {
          case HELLO, CHALLENGE, EVIDENCE, HEARTBEAT -> true;
          case FINAL, COMMANDS, ORDER, LEASE, PROOF, CONSISTENCY -> false;
        };
    Violation.require(
        !promise || !answer.isGood(), "a frozen custodian promises nothing", "" + request);
  }

  /** An enclave has worked. */
  public void worked(SimEnclave enclave, long now) {
    Guard.State s = enclave.guard().state();
    Violation.require(
        permits(s, now),
        "no work in HOLD, after STOP or after the deadline",
        enclave.name() + " worked in " + s);
  }

  private static boolean permits(Guard.State s, long now) {
    return (s.mode() == Mode.RUN || s.mode() == Mode.DRAIN) && now - s.deadlineNanos() < 0;
  }

  // What it looks at

  /**
   * Looks at everything.
   *
   * @param now the custodian's books as they are; the last known ones while it is down
   * @return the model's names for what has happened
   */
  public List<String> look(Books now, Collection<SimEnclave> enclaves, Lease lease) {
    books = now;
    books.check();
    Vec done = done(enclaves);
    Violation.require(
        done.atMost(lease.budget()),
        "consumed is at most the budget",
        done + " of " + lease.budget());
    List<String> names = new ArrayList<>();
    for (SimEnclave e : enclaves) {
      enclave(e);
      names.addAll(receipts.look(e));
      settled(e);
    }
    explained(() -> names.addAll(model.sees(facts(enclaves, lease))));
    bounds(done);
    return names;
  }

  /** Once at the end: nothing that was answered is missing, and everything verifies. */
  public void audit(Map<String, String> log) {
    notary.audit(log);
  }

  public static Vec done(Collection<SimEnclave> enclaves) {
    return enclaves.stream().map(SimEnclave::done).reduce(Vec.ZERO, Vec::plus);
  }

  private Vec promised(SimEnclave e) {
    return e.instance().map(i -> notary.promised(i, e.ik().key().keyid())).orElse(Vec.ZERO);
  }

  private void bounds(Vec done) {
    if (!back && books.lease().state() == dev.leasehold.core.lease.LeaseState.ACTIVE) {
      bounds.clear();
    }
    for (Bound b : bounds) {
      Vec after = done.minus(b.done);
      Violation.require(
          after.atMost(b.most),
          "consumed after the stop is at most its X",
          after + " after a stop that promised " + b.most + ": " + b.order);
    }
  }

  private void enclave(SimEnclave e) {
    Guard.State s = e.guard().state();
    Violation.require(
        s.charged().equals(e.done()), "work is charged", e.name() + " did " + e.done() + ": " + s);
    Violation.require(
        !back || e.done().atMost(promised(e)),
        "work was promised by a statement that was answered",
        e.name() + " did " + e.done());
    for (SimServing.Shown shown : e.serving().shown()) {
      Violation.require(
          permits(shown.state(), shown.now()),
          "nothing is shown in HOLD, after STOP or after the deadline",
          e.name() + " showed something in " + shown);
    }
    Optional<View> view = e.loop().flatMap(l -> l.view());
    if (view.isEmpty()) {
      return;
    }
    Hash ack = view.get().grant();
    Long before = deadlines.put(e, s.deadlineNanos());
    Hash last = acknowledged.put(e, ack);
    if (before == null || before == s.deadlineNanos()) {
      return;
    }
    boolean renewing =
        !ack.equals(last)
            && notary
                .grant(ack)
                .filter(g -> g.mode() == Mode.RUN || g.mode() == Mode.DRAIN)
                .isPresent();
    Violation.require(
        renewing,
        "only a grant of mode RUN or DRAIN moves the deadline",
        e.name() + " by " + (s.deadlineNanos() - before) + " ns");
  }

  /** A closed account is what consumers hold. */
  private void settled(SimEnclave e) {
    Optional.of(books)
        .filter(b -> !back && e.instance().isPresent())
        .map(b -> b.instances().get(id(e)))
        .filter(i -> i.state() == InstanceState.CLOSED && i.ik().equals(e.ik().key().keyid()))
        .ifPresent(i -> receipts.same(e, i.used()));
  }

  // The model's view

  private Facts facts(Collection<SimEnclave> enclaves, Lease lease) {
    Map<String, Row> rows = new HashMap<>();
    books
        .instances()
        .forEach((id, i) ->
            rows.put(
                name(new Identity(id, i.ik())),
                new Row(row(i.state()), i.epoch(), i.seq(), i.allow(), i.used())));
    Map<String, Machine> machines = new HashMap<>();
    for (SimEnclave e : enclaves) {
      if (names.containsValue(e.name())) {
        machines.put(e.name(), machine(e));
      }
    }
    return new Facts(
        state(books.lease().state()),
        books.lease().epoch(),
        books.lease().reserved(),
        Caps.of(lease),
        rows,
        machines);
  }

  private Machine machine(SimEnclave e) {
    Guard.State s = e.guard().state();
    Machine.State state =
        switch (e.phase()) {
          case WAITING, PROVING -> Machine.State.ATT;
          case RUNNING -> Machine.State.RUN;
          case ENDED, CLOSED -> Machine.State.STOP;
          case GONE -> Machine.State.DEAD;
        };
    long seq =
        e.loop()
            .flatMap(l -> l.view())
            .flatMap(v -> notary.grant(v.grant()))
            .map(Grant::seq)
            .orElse(0L);
    return new Machine(state, e.epoch(), seq, s.allow(), e.done());
  }

  private static Row.State row(InstanceState state) {
    return switch (state) {
      case ACTIVE -> Row.State.ACTIVE;
      case FENCED -> Row.State.FENCED;
      case CLOSED -> Row.State.CLOSED;
      case WRITTEN_OFF -> Row.State.WRITTEN_OFF;
      case CHALLENGED -> throw new IllegalArgumentException("not enrolled");
    };
  }

  private static LeaseState state(dev.leasehold.core.lease.LeaseState state) {
    return switch (state) {
      case DRAFT, SUSPENDED -> LeaseState.SUSPENDED;
      case ACTIVE -> LeaseState.ACTIVE;
      case REVOKED, EXPIRED, SETTLED -> LeaseState.STOPPED;
    };
  }

  private void explained(Runnable step) {
    if (back) {
      return;
    }
    try {
      step.run();
    } catch (Model.Unexplained e) {
      throw new Violation("every step is an action of the model", e);
    }
  }

  private String name(Identity identity) {
    String name = names.get(identity);
    Violation.require(name != null, "every instance is an enclave", String.valueOf(identity));
    return String.valueOf(name);
  }

  private static Identity identity(SimEnclave enclave) {
    return new Identity(id(enclave), enclave.ik().key().keyid());
  }

  private static Id id(SimEnclave enclave) {
    return enclave.instance().orElseThrow();
  }

  private static <B extends Record> B parsed(Class<B> type, Request request) {
    try {
      return Bundle.parse(
          type, request.body().getBytes(StandardCharsets.UTF_8), Bundles.MAX_EVIDENCE_BYTES);
    } catch (Malformed e) {
      throw new Violation("an enclave's messages parse", String.valueOf(e.getMessage()));
    }
  }
}
