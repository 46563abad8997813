package dev.leasehold.testkit.story;

import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Drafts;
import dev.leasehold.testkit.party.Parties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells the story of one lease as everybody signs it: the custodian keeps its ledger by the rules
 * of protocol §8.2, and what is said is what a log and a relay would hold of it.
 */
public final class StoryTeller {
  private static final Set<Scope> EVERYWHERE = EnumSet.allOf(Scope.class);
  private static final Set<Scope> LOG = EnumSet.of(Scope.LOG);
  private static final Set<Scope> RELAY = EnumSet.of(Scope.RELAY);

  /** A statement and where it can be read. */
  private record Told(BundleLine line, Set<Scope> in) {}

  public final Parties parties = new Parties();
  public final Bends bends = new Bends();
  private final List<Told> told = new ArrayList<>();
  private final TreeMap<Long, Command> commands = new TreeMap<>();
  private Signed<Lease> lease = parties.lease;
  private Ledger books = Ledger.open(terms().budget(), terms().exposureMax());
  private LeaseState state = LeaseState.ACTIVE;
  private long epoch = 1;
  private long now = Parties.NOW;
  private int actors;
  private int nonces;

  /** What a log, or one relay, holds of the story so far. */
  public List<BundleLine> lines(Scope scope) {
    return told.stream().filter(t -> t.in.contains(scope)).map(Told::line).toList();
  }

  public long now() {
    return now;
  }

  public LeaseState state() {
    return state;
  }

  public Ledger books() {
    return books;
  }

  public Lease terms() {
    return lease.body();
  }

  public void pass(long ms) {
    now += ms;
  }

  /** A custodian whose own books have been edited: it acts on these, whatever the lease says. */
  public void cookBooks(Vec budget, Vec exposureMax) {
    books = new Ledger(budget, exposureMax, books.reserved(), books.settled(), books.residual());
  }

  /** The roster, the standing objects, the lease. */
  public StoryTeller open() {
    say(EVERYWHERE, parties.roster.envelope());
    say(EVERYWHERE, parties.measurements.envelope());
    say(EVERYWHERE, parties.borrower.envelope());
    say(EVERYWHERE, parties.modelPackage.envelope());
    lease = approve(Statements.LEASE, Lease.class, lease.body());
    say(EVERYWHERE, lease.envelope());
    return this;
  }

  /** The next version of the lease, with this budget. */
  public void amend(Vec budget) {
    Lease next =
        Bends.with(
            terms(),
            Map.of(
                "version",
                terms().version() + 1,
                "supersedes",
                Optional.of(lease.hash()),
                "budget",
                budget));
    lease = approve(Statements.LEASE, Lease.class, next);
    books =
        new Ledger(
            budget, terms().exposureMax(), books.reserved(), books.settled(), books.residual());
    say(EVERYWHERE, lease.envelope());
  }

  /** From challenge to grant 0. */
  public Actor enrol() {
    actors++;
    return enrol(Parties.key(0x40 + actors % 0x80));
  }

  public Actor enrol(Ed25519Signer key) {
    now++;
    Id id = Id.of(firstBytes("instance " + told.size(), Id.BYTES));
    Signed<Challenge> challenge = challenge(id);
    Hash evidence = attest(id, key, challenge);
    Ledger.Step step = books.grantZero(terms().tranche());
    books = step.ledger();
    return new Actor(
        id,
        key,
        evidence,
        grant(
            new Addressee(id, key, 0),
            evidence,
            challenge.hash(),
            Vec.ZERO,
            step.account().allow(),
            Mode.RUN));
  }

  /** Attests again, after a recall. */
  public void attest(Actor a) {
    a.epoch = epoch;
    attest(a.id, a.key, challenge(a.id));
  }

  private Hash attest(Id id, Ed25519Signer key, Signed<Challenge> challenge) {
    say(RELAY, challenge.envelope());
    Hash evidence = show(id, key, challenge);
    say(
        EVERYWHERE,
        custodian(
                Statements.APPRAISAL,
                AppraisalStatement.class,
                drafts().appraisal(id, key, evidence))
            .envelope());
    return evidence;
  }

  /** Another enclave got this one's challenge, and answers it under its own key. */
  public void showInTheNameOf(Actor a, Ed25519Signer key) {
    show(a.id, key, challenge(a.id));
  }

  private Hash show(Id id, Ed25519Signer key, Signed<Challenge> challenge) {
    Signed<EvidenceStatement> evidence =
        Dsse.sign(
            Statements.EVIDENCE,
            bends.apply(EvidenceStatement.class, drafts().evidence(id, key, challenge)),
            key);
    say(RELAY, evidence.envelope());
    return evidence.hash();
  }

  /** A heartbeat and its grant. */
  public void beat(Actor a, Vec used) {
    Signed<Heartbeat> h = ask(a, used);
    Ledger.Step step =
        books.heartbeat(a.account, h.body().used(), terms().tranche(), state == LeaseState.ACTIVE);
    books = step.ledger();
    a.account = step.account();
    a.grant =
        grant(
            new Addressee(a.id, a.key, a.seq),
            h.hash(),
            a.grant.hash(),
            h.body().used(),
            a.allow(),
            mode(a));
  }

  /** A heartbeat that nobody has answered yet. */
  public Signed<Heartbeat> ask(Actor a, Vec used) {
    now += 10;
    a.seq++;
    Heartbeat h =
        new Heartbeat(
            Parties.LEASE_ID,
            a.id,
            a.epoch,
            1,
            a.seq,
            a.chain,
            a.grant.hash(),
            used,
            Heartbeat.ReportedMode.RUN,
            0,
            0,
            0,
            Collections.nCopies(Heartbeat.BUCKETS, 0L),
            1_000 * a.seq,
            a.grant.body().issuedAt(),
            a.grant.body().cseq());
    Signed<Heartbeat> signed =
        Dsse.sign(Statements.HEARTBEAT, bends.apply(Heartbeat.class, h), a.key);
    a.chain = signed.hash();
    say(RELAY, signed.envelope());
    return signed;
  }

  /** A heartbeat that is counted, gets nothing more, and whose answer never reaches the relay. */
  public void beatUnheard(Actor a, Vec used) {
    Signed<Heartbeat> h = ask(a, used);
    Ledger.Step step = books.heartbeat(a.account, h.body().used(), terms().tranche(), false);
    books = step.ledger();
    a.account = step.account();
  }

  /** The custodian refuses the last heartbeat under its signature. */
  public void refuse(Actor a, String name) {
    Problem p = drafts().problem(a.id, a.chain, 409, name, Problem.Action.STOP);
    say(RELAY, custodian(Statements.PROBLEM, Problem.class, p).envelope());
  }

  /** A receipt for part of what the enclave may consume. */
  public void serve(Actor a, Vec charged) {
    Receipt r =
        new Receipt(
            Parties.LEASE_ID,
            a.id,
            1,
            parties.modelPackage.hash(),
            Parties.MODEL_DIGEST,
            Parties.hash(1),
            Parties.hash(2),
            Parties.hash(3),
            charged,
            Receipt.Finish.STOP,
            a.grant.hash(),
            a.receipt,
            now,
            a.epoch,
            1);
    Signed<Receipt> signed = Dsse.sign(Statements.RECEIPT, bends.apply(Receipt.class, r), a.key);
    a.receipt = signed.hash();
    say(RELAY, signed.envelope());
  }

  /** Final and closure. */
  public void end(Actor a, Vec used) {
    Signed<Final> last = finish(a, used);
    now += 10;
    closeBooks(a, last);
  }

  /** A final that nobody has answered yet. */
  public Signed<Final> finish(Actor a, Vec used) {
    a.stopped = true;
    Final f =
        new Final(
            Parties.LEASE_ID,
            a.id,
            a.epoch,
            1,
            a.seq + 1,
            a.chain,
            a.grant.hash(),
            used,
            Final.Reason.REVOKED,
            0,
            0,
            0,
            a.grant.body().cseq(),
            Final.Wiped.YES);
    Signed<Final> last = Dsse.sign(Statements.FINAL, bends.apply(Final.class, f), a.key);
    say(EVERYWHERE, last.envelope());
    return last;
  }

  private void closeBooks(Actor a, Signed<Final> last) {
    Closure c =
        drafts()
            .closure(a.id, last.hash(), last.body().used(), a.allow().minus(last.body().used()));
    say(EVERYWHERE, custodian(Statements.CLOSURE, Closure.class, c).envelope());
    Ledger.Step step = books.close(a.account, last.body().used().max(a.used()));
    books = step.ledger();
    a.account = step.account();
  }

  /** An order of people and the command it causes. */
  public void order(Order.Action action, Target target) {
    now += 10;
    Signed<Order> order = signedOrder(action, target);
    boolean writeOff = action == Order.Action.WRITE_OFF;
    say(writeOff ? LOG : EVERYWHERE, order.envelope());
    if (!writeOff) {
      command(action.command().orElseThrow(), target, Optional.of(order.hash()));
    }
  }

  /** Takes an instance off the books that never answered. */
  public void writeOff(Actor a) {
    order(Order.Action.WRITE_OFF, Target.of(a.id));
    a.stopped = true;
    books = books.writeOff(a.account).ledger();
  }

  public Signed<Order> signedOrder(Order.Action action, Target target) {
    Order o =
        new Order(
            action,
            Parties.LEASE_ID,
            target,
            terms().version(),
            cseq(),
            Map.of(),
            "a story",
            nonce(),
            now,
            now + 600_000,
            List.of());
    return approve(Statements.ORDER, Order.class, o);
  }

  /** The next command; without an order it is the custodian's own. */
  public void command(Command.Type type, Target target, Optional<Hash> order) {
    now++;
    if (type == Command.Type.RECALL) {
      epoch++;
    }
    if (target.equals(Target.ALL)) {
      state =
          switch (type) {
            case SUSPEND -> LeaseState.SUSPENDED;
            case REVOKE -> LeaseState.REVOKED;
            case RESUME -> LeaseState.ACTIVE;
            case RECALL, DRAIN, ROTATE -> state;
          };
    }
    Command c =
        new Command(
            Parties.LEASE_ID,
            target,
            cseq() + 1,
            type,
            "a story",
            order,
            epoch,
            1,
            List.of(),
            LogRef.EMPTY,
            now);
    commands.put(c.cseq(), c);
    say(EVERYWHERE, custodian(Statements.COMMAND, Command.class, c).envelope());
    now++;
  }

  public void incident(String what) {
    Incident i =
        new Incident(
            Optional.of(Parties.LEASE_ID),
            Optional.empty(),
            what,
            List.of(),
            "",
            LogRef.EMPTY,
            now);
    say(LOG, custodian(Statements.INCIDENT, Incident.class, i).envelope());
  }

  /** Anything at all, said wherever stories are told. */
  public void say(Envelope e) {
    say(EVERYWHERE, e);
  }

  public long cseq() {
    return commands.isEmpty() ? 0 : commands.lastKey();
  }

  private void say(Set<Scope> in, Envelope e) {
    told.add(new Told(new BundleLine(now, e), in));
  }

  /** Whom a grant is for and which of the grants it is. */
  private record Addressee(Id id, Ed25519Signer key, long seq) {}

  private Signed<Grant> grant(Addressee to, Hash hb, Hash prev, Vec used, Vec allow, Mode mode) {
    now += 10;
    Grant g =
        new Grant(
            Parties.LEASE_ID,
            to.id,
            to.key.key().keyid(),
            epoch,
            1,
            to.seq,
            hb,
            prev,
            used,
            allow,
            mode,
            terms().ttlMs(),
            terms().heartbeatMs(),
            cseq(),
            LogRef.EMPTY,
            now);
    Signed<Grant> grant = custodian(Statements.GRANT, Grant.class, g);
    say(EVERYWHERE, grant.envelope());
    return grant;
  }

  private Mode mode(Actor a) {
    return state.grantMode(() ->
        commands.tailMap(a.firstCseq, false).values().stream()
            .anyMatch(c -> c.type() == Command.Type.DRAIN && c.instanceId().covers(a.id)));
  }

  private Signed<Challenge> challenge(Id id) {
    return custodian(Statements.CHALLENGE, Challenge.class, drafts().challenge(id, nonce()));
  }

  private Drafts drafts() {
    return new Drafts(parties, lease, epoch, now);
  }

  private Nonce nonce() {
    nonces++;
    return Nonce.of(firstBytes("nonce " + nonces, Nonce.BYTES));
  }

  private static byte[] firstBytes(String seed, int n) {
    byte[] all = Digests.sha256(seed.getBytes(StandardCharsets.UTF_8)).bytes();
    return Arrays.copyOf(all, n);
  }

  private <T extends Record> Signed<T> approve(Kind<T> kind, Class<T> type, T body) {
    return Dsse.sign(kind, bends.apply(type, body), parties.approver);
  }

  private <T extends Record> Signed<T> custodian(Kind<T> kind, Class<T> type, T body) {
    return Dsse.sign(kind, bends.apply(type, body), parties.grantKey);
  }
}
