package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Takes the statements of leases one after another and re-derives everything. Pure: the same
 * statements always give the same report.
 */
public final class Auditor {
  private static final int MOST_INCIDENTS = 1_000;

  /** Takes one envelope of a kind. */
  @FunctionalInterface
  private interface Taker {
    void take(Envelope e, long at) throws Malformed, BadSignature;
  }

  private record Handler(Rule signature, Taker taker) {}

  private final Map<String, Handler> handlers = new HashMap<>();
  private final Story story;
  private final Trust trust;
  private final Standings standings;
  private final Admissions admissions;
  private final Chain chain;
  private final Ceilings ceilings;
  private final Commands commands;
  private final OffSwitch offSwitch;
  private final Cessations cessations;
  private final Receipts receipts;
  private final LogReferences references;
  private final List<Report.IncidentLine> incidents = new ArrayList<>();
  private long statements;

  /**
   * A new audit.
   *
   * @param approverSet whose signatures count (protocol §4.3); empty: those of the first roster
   */
  public Auditor(Scope scope, Optional<Hash> approverSet) {
    this(scope, approverSet, LogView.none());
  }

  /** A new audit by somebody who holds the log as well. */
  public Auditor(Scope scope, Optional<Hash> approverSet, LogView log) {
    this.story = new Story(scope);
    this.trust = new Trust(approverSet, story);
    this.standings = new Standings(story, trust);
    this.admissions = new Admissions(story);
    this.chain = new Chain(story);
    this.ceilings = new Ceilings(story);
    this.commands = new Commands(story);
    this.offSwitch = new OffSwitch(story);
    this.cessations = new Cessations(story);
    this.receipts = new Receipts(story);
    this.references = new LogReferences(story, log);
    standing();
    custodian();
    enclave();
  }

  /**
   * Takes the next statement.
   *
   * @param at when it passed, by the clock of whoever kept it; 0 in a log
   * @return what is found about it
   */
  public List<Finding> take(Envelope e, long at) {
    int before = story.findings.size();
    statements++;
    Handler handler = handlers.get(e.payloadType());
    Findings.Subject unread = Findings.Subject.NONE;
    if (handler == null) {
      story.findings.add(
          Rule.FORM, unread, "a kind of statement that belongs here", e.payloadType(), e.hash());
    } else {
      try {
        handler.taker.take(e, at);
      } catch (Malformed m) {
        story.findings.add(Rule.FORM, unread, m.field() + ": " + m.expected(), m.found(), e.hash());
      } catch (BadSignature b) {
        story.findings.add(
            handler.signature,
            unread,
            "signatures that hold",
            String.valueOf(b.getMessage()),
            e.hash());
      }
    }
    return story.findings.since(before);
  }

  /** Audits a whole bundle. */
  public static Report audit(BundleReader bundle, Optional<Hash> approverSet)
      throws IOException, Malformed {
    Auditor auditor = new Auditor(Scope.RELAY, approverSet);
    auditor.takeAll(bundle);
    return auditor.report(bundle.header().exportedAt());
  }

  /** Takes every statement of a bundle. */
  public void takeAll(BundleReader bundle) throws IOException, Malformed {
    for (Optional<BundleLine> l = bundle.next(); l.isPresent(); l = bundle.next()) {
      take(l.get().statement(), l.get().at());
    }
  }

  /**
   * What is established so far; more statements may follow.
   *
   * @param now the clock that {@code at} is of: what waits for an answer is silence after ttlMs
   */
  public Report report(long now) {
    return new Reporter(story, trust, receipts, incidents, statements).report(now);
  }

  /** The roster in force, whose log key signs checkpoints. */
  Optional<Roster> roster() {
    return trust.inForce().map(Statement::body);
  }

  private void standing() {
    Rule rule = Rule.STANDING_QUORUM;
    on(Statements.ROSTER, rule, (e, at) -> standings.roster(trust.roster(e)));
    on(Statements.MEASUREMENTS, rule, (e, at) -> standings.measurements(trust.measurements(e)));
    on(
        Statements.BORROWER,
        rule,
        (e, at) -> standings.borrower(trust.standing(Statements.BORROWER, e)));
    on(
        Statements.PACKAGE,
        rule,
        (e, at) -> standings.modelPackage(trust.standing(Statements.PACKAGE, e)));
    on(Statements.LEASE, rule, (e, at) -> standings.lease(trust.standing(Statements.LEASE, e)));
    on(Statements.ORDER, rule, (e, at) -> order(trust.order(e)));
  }

  private void custodian() {
    Rule rule = Rule.GRANT_KEY;
    on(
        Statements.CHALLENGE,
        rule,
        (e, at) -> admissions.challenge(custodian(Statements.CHALLENGE, e, Challenge::issuedAt)));
    on(
        Statements.APPRAISAL,
        rule,
        (e, at) ->
            admissions.appraisal(custodian(Statements.APPRAISAL, e, AppraisalStatement::issuedAt)));
    on(Statements.GRANT, rule, (e, at) -> grant(custodian(Statements.GRANT, e, Grant::issuedAt)));
    on(
        Statements.COMMAND,
        rule,
        (e, at) -> commands.command(custodian(Statements.COMMAND, e, Command::issuedAt)));
    on(
        Statements.CLOSURE,
        rule,
        (e, at) -> closure(custodian(Statements.CLOSURE, e, Closure::issuedAt)));
    on(
        Statements.PROBLEM,
        rule,
        (e, at) -> problem(custodian(Statements.PROBLEM, e, Problem::issuedAt)));
    on(
        Statements.INCIDENT,
        rule,
        (e, at) -> incident(custodian(Statements.INCIDENT, e, Incident::issuedAt)));
  }

  private void enclave() {
    Rule rule = Rule.ENCLAVE_KEY;
    on(Statements.EVIDENCE, rule, (e, at) -> admissions.evidence(trust.evidence(e)));
    on(
        Statements.HEARTBEAT,
        rule,
        (e, at) -> heartbeat(trust.enclave(Statements.HEARTBEAT, e, Heartbeat::instanceId), at));
    on(
        Statements.FINAL,
        rule,
        (e, at) -> end(trust.enclave(Statements.FINAL, e, Final::instanceId), at));
    on(
        Statements.RECEIPT,
        rule,
        (e, at) -> receipt(trust.enclave(Statements.RECEIPT, e, Receipt::instanceId)));
  }

  private <T extends Record> Statement<T> custodian(
      Kind<T> kind, Envelope e, ToLongFunction<T> issuedAt) throws Malformed, BadSignature {
    Statement<T> s = trust.custodian(kind, e, issuedAt);
    references.check(s);
    return s;
  }

  private void on(Kind<?> kind, Rule signature, Taker taker) {
    handlers.put(kind.payloadType(), new Handler(signature, taker));
  }

  private void order(Statement<Order> s) {
    standings.order(s);
    if (s.body().action() == Order.Action.WRITE_OFF) {
      cessations.writeOff(s);
    }
  }

  private void grant(Statement<Grant> s) {
    InstanceStory i = story.instance(s.body().leaseId(), s.body().instanceId());
    if (!chain.grant(i, s)) {
      return;
    }
    if (s.body().seq() == 0) {
      admissions.grantZero(i, s);
    }
    ceilings.grant(i, s);
    offSwitch.grant(i, s);
    i.granted(s);
    story.leaseOf(i).books.granted(s);
  }

  private void heartbeat(Statement<Heartbeat> s, long at) {
    InstanceStory i = story.instance(s.body().leaseId(), s.body().instanceId());
    chain.heartbeat(i, s);
    i.saidAt = at;
  }

  private void end(Statement<Final> s, long at) {
    InstanceStory i = story.instance(s.body().leaseId(), s.body().instanceId());
    cessations.end(i, s);
    i.saidAt = at;
  }

  private void closure(Statement<Closure> s) {
    cessations.closure(story.instance(s.body().leaseId(), s.body().instanceId()), s);
  }

  private void receipt(Statement<Receipt> s) {
    receipts.receipt(story.instance(s.body().leaseId(), s.body().instanceId()), s);
  }

  private void problem(Statement<Problem> s) {
    story.refusals.put(s.body().answers(), s.body().name());
  }

  private void incident(Statement<Incident> s) {
    Incident i = s.body();
    if (incidents.size() < MOST_INCIDENTS) {
      incidents.add(
          new Report.IncidentLine(s.hash(), i.leaseId(), i.instanceId(), i.what(), i.issuedAt()));
    }
  }
}
