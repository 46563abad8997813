package dev.leasehold.adversary.model;

import dev.leasehold.adversary.model.Facts.LeaseState;
import dev.leasehold.adversary.model.Message.Kind;
import dev.leasehold.core.lease.Vec;

/**
 * The actions of {@code Next}: each says when it may happen and what it does. Names and guards are
 * those of {@code docs/formal/Lease.tla} with every check on; what is not in the module is marked,
 * and README.md beside it says why it changes nothing about the properties.
 */
final class Next {
  private Next() {}

  // Enclave and host

  static State boot(State s, String i, long epoch) throws NotEnabled {
    require(!s.facts().machines().containsKey(i), "enc[i].st is off");
    return s.machine(i, new Machine(Machine.State.ATT, epoch, 0, Vec.ZERO, Vec.ZERO))
        .sent(new Message(Kind.ATT, i, epoch, 0, Vec.ZERO));
  }

  static State kill(State s, String i) throws NotEnabled {
    return s.machine(i, s.machine(i).with(Machine.State.DEAD));
  }

  static State takeGrant(State s, Message m) throws NotEnabled {
    Machine e = taking(s, m, Kind.GRANT);
    return s.machine(
            m.instance(),
            new Machine(
                Machine.State.RUN,
                e.state() == Machine.State.ATT ? m.epoch() : e.epoch(),
                m.seq(),
                e.allow().max(m.value()),
                e.used()))
        .answered(m.instance());
  }

  static State takeHalt(State s, Message m) throws NotEnabled {
    Machine e = taking(s, m, Kind.HALT);
    require(e.state() == Machine.State.RUN, "enc[i].st is run");
    State taken =
        s.machine(
                m.instance(),
                new Machine(Machine.State.RUN, e.epoch(), m.seq(), e.allow(), e.used()))
            .answered(m.instance());
    return finish(taken, m.instance());
  }

  private static Machine taking(State s, Message m, Kind kind) throws NotEnabled {
    require(m.kind() == kind && s.net().contains(m), "m in net");
    Machine e = s.machine(m.instance());
    boolean first = e.state() == Machine.State.ATT;
    require(first || e.state() == Machine.State.RUN, "enc[i].st in {att, run}");
    require(m.seq() == (first ? 0 : e.seq() + 1), "CkFresh: m.seq is the one asked for");
    return e;
  }

  /**
   * One step of work or several; the model's is one token. What an instance does that was written
   * off is the residual, which the bounds on stops and recalls come on top of (protocol §3).
   */
  static State serve(State s, String i, Vec need) throws NotEnabled {
    Machine e = s.machine(i);
    require(e.state() == Machine.State.RUN, "enc[i].st is run");
    Vec used = e.used().plus(need);
    require(used.atMost(e.allow()), "enc[i].use < enc[i].alw");
    State next = s.machine(i, new Machine(e.state(), e.epoch(), e.seq(), e.allow(), used));
    if (s.row(i).state() == Row.State.WRITTEN_OFF) {
      return next;
    }
    boolean stopped = s.facts().lease() == LeaseState.STOPPED;
    return next.history(
        stopped ? s.afterStop().plus(need) : s.afterStop(),
        e.epoch() < s.facts().epoch() ? s.stale().plus(need) : s.stale());
  }

  /** Also the heartbeat that was sent under a stale epoch, made anew under the current one. */
  static State beat(State s, Message m) throws NotEnabled {
    Machine e = s.machine(m.instance());
    Message before = s.pending().get(m.instance());
    require(e.state() == Machine.State.RUN, "enc[i].st is run");
    require(before == null || m.epoch() > before.epoch(), "~enc[i].pend");
    require(m.seq() == e.seq() + 1, "seq is enc[i].seq + 1");
    require(m.epoch() == e.epoch(), "ep is enc[i].ep");
    require(m.value().atMost(e.used()), "CkRoundDown: reported use is at most the true use");
    return s.sent(m).pending(m.instance(), m);
  }

  /** From att too: an enclave that stops before grant 0 has used nothing and may say so. */
  static State finish(State s, String i) throws NotEnabled {
    Machine e = s.machine(i);
    boolean started = e.state() == Machine.State.RUN || e.state() == Machine.State.ATT;
    require(started, "enc[i].st is run");
    boolean unanswered = s.pending().containsKey(i);
    return s.machine(i, e.with(Machine.State.STOP))
        .sent(
            new Message(
                unanswered ? Kind.FINU : Kind.FIN,
                i,
                e.epoch(),
                e.seq() + (unanswered ? 2 : 1),
                e.used()));
  }

  /** Not in the module: an enclave that was attested again goes on under the newer epoch. */
  static State takeEpoch(State s, String i, long epoch) throws NotEnabled {
    Machine e = s.machine(i);
    Row row = s.row(i);
    require(e.state() == Machine.State.RUN, "enc[i].st is run");
    require(epoch > e.epoch() && epoch <= row.epoch(), "attested under a newer epoch");
    return s.machine(i, new Machine(e.state(), epoch, e.seq(), e.allow(), e.used()));
  }

  // Custodian

  static State enrol(State s, Message m) throws NotEnabled {
    require(m.kind() == Kind.ATT && s.net().contains(m), "m in net");
    require(s.facts().lease() == LeaseState.ACTIVE, "lease.st is active");
    require(!s.facts().rows().containsKey(m.instance()), "db[i].st is none");
    require(m.epoch() == s.facts().epoch(), "m.ep is lease.ep");
    Vec g = s.facts().caps().tranche().min(s.room());
    for (Vec.Component c : Vec.Component.values()) {
      require(s.facts().caps().budget().get(c) == 0 || g.get(c) > 0, "g > 0");
    }
    return s.row(m.instance(), new Row(Row.State.ACTIVE, m.epoch(), 0, g, Vec.ZERO))
        .reserved(s.facts().reserved().plus(g))
        .sent(new Message(Kind.GRANT, m.instance(), m.epoch(), 0, g));
  }

  /** Under a suspended lease, which is not in the module, it is answered without more room. */
  static State takeBeat(State s, Message m) throws NotEnabled {
    require(m.kind() == Kind.HB && s.net().contains(m), "m in net");
    Row row = s.row(m.instance());
    require(row.state() == Row.State.ACTIVE, "db[i].st is active");
    require(row.epoch() == s.facts().epoch(), "CkEpoch: db[i].ep is lease.ep");
    require(m.seq() == row.seq() + 1, "CkSeq: m.seq is db[i].seq + 1");
    require(row.used().atMost(m.value()) && m.value().atMost(row.allow()), "use in order");
    State proven =
        s.row(m.instance(), new Row(row.state(), row.epoch(), m.seq(), row.allow(), m.value()));
    Vec wanted = m.value().plus(s.facts().caps().tranche()).minusOrZero(row.allow());
    boolean active = s.facts().lease() == LeaseState.ACTIVE;
    Vec g = active ? wanted.min(proven.room()) : Vec.ZERO;
    Vec allow = row.allow().plus(g);
    Kind kind = s.facts().lease() == LeaseState.STOPPED ? Kind.HALT : Kind.GRANT;
    return proven
        .row(m.instance(), new Row(row.state(), row.epoch(), m.seq(), allow, m.value()))
        .reserved(s.facts().reserved().plus(g))
        .sent(new Message(kind, m.instance(), s.facts().epoch(), m.seq(), allow));
  }

  /** With the design's own rule on {@code seq}, {@code Accept}, which the module leaves out. */
  static State takeFinal(State s, Message m) throws NotEnabled {
    require(m.kind().isFinal() && s.net().contains(m), "m in net");
    Row row = s.row(m.instance());
    require(row.isUnresolved(), "db[i].st in {active, fenced}");
    require(accepts(row, m), "Accept(m)");
    require(m.value().atMost(row.allow()), "use is at most alw");
    return s.reserved(s.facts().reserved().minus(row.allow().minus(m.value())))
        .row(m.instance(), new Row(Row.State.CLOSED, row.epoch(), m.seq(), m.value(), m.value()));
  }

  static boolean accepts(Row row, Message m) {
    return m.seq() == row.seq() + 1 || (m.kind() == Kind.FINU && m.seq() == row.seq() + 2);
  }

  static State fence(State s, String i) throws NotEnabled {
    require(s.row(i).state() == Row.State.ACTIVE, "db[i].st is active");
    return s.row(i, s.row(i).with(Row.State.FENCED));
  }

  /** Not in the module: exposure becomes residual; what was promised stays counted. */
  static State writeOff(State s, String i) throws NotEnabled {
    require(s.row(i).state() == Row.State.FENCED, "db[i].st is fenced");
    return s.row(i, s.row(i).with(Row.State.WRITTEN_OFF));
  }

  /** From suspended too; the end of the lease's time is a revoke that nobody ordered. */
  static State revoke(State s) throws NotEnabled {
    require(s.facts().lease() != LeaseState.STOPPED, "lease.st is active");
    return in(s, LeaseState.STOPPED).history(Vec.ZERO, s.stale());
  }

  /** Not in the module. */
  static State suspend(State s) throws NotEnabled {
    require(s.facts().lease() == LeaseState.ACTIVE, "lease.st is active");
    return in(s, LeaseState.SUSPENDED);
  }

  /** Not in the module. */
  static State resume(State s) throws NotEnabled {
    require(s.facts().lease() == LeaseState.SUSPENDED, "lease.st is suspended");
    return in(s, LeaseState.ACTIVE);
  }

  static State recall(State s) throws NotEnabled {
    require(s.facts().lease() != LeaseState.STOPPED, "lease.st is active");
    Facts f = s.facts();
    return s.lease(f.lease(), f.epoch() + 1, f.reserved(), f.caps())
        .history(s.afterStop(), Vec.ZERO);
  }

  /** Not in the module: an instance shows evidence under the newest policy. */
  static State reattest(State s, String i) throws NotEnabled {
    Row row = s.row(i);
    require(row.state() == Row.State.ACTIVE, "db[i].st is active");
    require(s.facts().lease() != LeaseState.STOPPED, "lease.st is active");
    return s.row(i, new Row(row.state(), s.facts().epoch(), row.seq(), row.allow(), row.used()));
  }

  /** Not in the module: approvers sign new ceilings. */
  static State renew(State s, Caps caps) throws NotEnabled {
    require(s.facts().lease() != LeaseState.STOPPED, "lease.st is active");
    Facts f = s.facts();
    return s.lease(f.lease(), f.epoch(), f.reserved(), caps);
  }

  private static State in(State s, LeaseState state) {
    Facts f = s.facts();
    return s.lease(state, f.epoch(), f.reserved(), f.caps());
  }

  private static void require(boolean holds, String guard) throws NotEnabled {
    if (!holds) {
      throw new NotEnabled(guard);
    }
  }
}
