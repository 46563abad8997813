package dev.leasehold.testkit.story;

import static dev.leasehold.core.audit.Scope.LOG;
import static dev.leasehold.core.audit.Scope.RELAY;
import static dev.leasehold.testkit.story.Tales.v;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.audit.Auditor;
import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Rule;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule, broken alone in a story that is true otherwise, is found under its own name. */
@Tag("CF-05")
class BrokenStoriesTest {
  /** Where the breach shows, and how the story is told so that it is there. */
  private record Breach(Scope scope, Consumer<Told> tell) {}

  /** A story about to be told, and what is done to what was said. */
  private static final class Told {
    final StoryTeller t = new StoryTeller();
    Predicate<Envelope> dropped = e -> false;
    long waited;

    Tales.Cast everything() {
      return Tales.everything(t);
    }

    /** Everything happens, with one component of the statements that are meant bent. */
    <T extends Record, V> void bent(
        Class<T> kind, Predicate<T> meant, String component, UnaryOperator<V> change) {
      t.bends.bend(kind, meant, component, change);
      everything();
    }

    Report audit(Scope scope) {
      List<BundleLine> lines =
          t.lines(scope).stream().filter(l -> !dropped.test(l.statement())).toList();
      t.pass(waited);
      return Tales.audit(t, lines, scope);
    }

    <T extends Record> void append(Kind<T> kind, T body, Ed25519Signer signer) {
      t.say(Dsse.sign(kind, body, signer).envelope());
    }
  }

  private static final Map<Rule, Breach> BREACHES = new EnumMap<>(Rule.class);

  private static void in(Scope scope, Rule rule, Consumer<Told> tell) {
    BREACHES.put(rule, new Breach(scope, tell));
  }

  static {
    statements();
    admission();
    chain();
    ceilings();
    stops();
    endings();
    books();
  }

  private static void statements() {
    in(
        LOG,
        Rule.FORM,
        s -> {
          s.everything();
          Envelope e = s.t.parties.roster.envelope();
          s.t.say(new Envelope("application/vnd.leasehold.rumour", e.payload(), e.signatures()));
        });
    in(
        LOG,
        Rule.STANDING_QUORUM,
        s -> {
          s.everything();
          s.append(Statements.BORROWER, s.t.parties.borrower.body(), s.t.parties.stranger);
        });
    in(
        LOG,
        Rule.GRANT_KEY,
        s -> {
          s.everything();
          Incident rumour =
              new Incident(
                  Optional.empty(),
                  Optional.empty(),
                  "rumour",
                  List.of(),
                  "",
                  LogRef.EMPTY,
                  s.t.now());
          s.append(Statements.INCIDENT, rumour, s.t.parties.stranger);
        });
    in(
        RELAY,
        Rule.ENCLAVE_KEY,
        s -> {
          Tales.Cast cast = s.everything();
          Signed<Heartbeat> h = s.t.ask(cast.lost(), v(1));
          s.dropped = e -> e.hash().equals(h.hash()) && !signedBy(e, s.t.parties.stranger);
          s.append(Statements.HEARTBEAT, h.body(), s.t.parties.stranger);
        });
    in(
        LOG,
        Rule.VERSION,
        s -> {
          s.everything();
          Roster second =
              Bends.with(
                  s.t.parties.roster.body(),
                  Map.of("version", 2L, "previous", Optional.of(Parties.hash(9))));
          s.append(Statements.ROSTER, second, s.t.parties.approver);
        });
    in(
        LOG,
        Rule.LEASE_UNCHANGED,
        s -> s.<Lease, Long>bent(Lease.class, l -> l.version() == 2, "notBefore", x -> x - 1));
    in(
        RELAY,
        Rule.MISSING,
        s -> {
          s.everything();
          s.dropped = first(Statements.ORDER);
        });
    in(
        LOG,
        Rule.LOG_GAP,
        s -> {
          s.everything();
          s.dropped = first(Statements.ORDER);
        });
  }

  private static void admission() {
    in(
        LOG,
        Rule.APPRAISED,
        s ->
            s.<AppraisalStatement, AppraisalStatement.Verdict>bent(
                AppraisalStatement.class,
                a -> true,
                "verdict",
                x -> AppraisalStatement.Verdict.REFUSED));
    in(
        LOG,
        Rule.APPRAISAL_MEASUREMENT,
        s ->
            s.<AppraisalStatement, HexBytes>bent(
                AppraisalStatement.class,
                a -> true,
                "measurement",
                x -> new HexBytes("66".repeat(48))));
    in(
        LOG,
        Rule.APPRAISAL_PLATFORM,
        s ->
            s.<AppraisalStatement, Tier>bent(
                AppraisalStatement.class, a -> true, "tier", x -> Tier.A));
    in(
        LOG,
        Rule.KEY_REUSED,
        s -> {
          s.t.open();
          s.t.enrol(Parties.key(0x66));
          s.t.enrol(Parties.key(0x66));
        });
  }

  private static void chain() {
    grants(LOG, Rule.GRANT_ADDRESSEE, g -> g.seq() == 2, "incarnation", (Long x) -> 2L);
    in(
        LOG,
        Rule.GRANT_TWICE,
        s -> {
          Grant first = s.everything().lost().grant().body();
          s.append(
              Statements.GRANT,
              Bends.with(first, "ttlMs", (Long x) -> x - 1),
              s.t.parties.grantKey);
        });
    grants(LOG, Rule.GRANT_PREV, g -> g.seq() == 2, "prev", (Hash x) -> Parties.hash(9));
    grants(RELAY, Rule.GRANT_HB, g -> g.seq() == 2, "hb", (Hash x) -> Parties.hash(9));
    grants(RELAY, Rule.GRANT_USED, g -> g.seq() == 2, "used", (Vec x) -> x.plus(v(10)));
    grants(LOG, Rule.GRANT_USED_LOWERED, BrokenStoriesTest::held, "used", (Vec x) -> v(90));
    in(
        RELAY,
        Rule.HEARTBEAT_CHAIN,
        s ->
            s.<Heartbeat, Hash>bent(
                Heartbeat.class, h -> h.seq() == 2, "ack", x -> Parties.hash(9)));
    in(
        RELAY,
        Rule.HEARTBEAT_TWICE,
        s -> {
          Tales.Cast cast = s.everything();
          Heartbeat h = s.t.ask(cast.lost(), v(1)).body();
          s.append(Statements.HEARTBEAT, Bends.with(h, "used", (Vec x) -> v(2)), cast.lost().key);
        });
    in(RELAY, Rule.HEARTBEAT_USED, s -> s.t.ask(s.everything().lost(), v(9_000)));
  }

  private static void ceilings() {
    grants(LOG, Rule.ALLOW_LOWERED, BrokenStoriesTest::held, "allow", (Vec x) -> x.minus(v(10)));
    grants(LOG, Rule.ALLOW_CEILING, g -> g.seq() == 1, "allow", (Vec x) -> x.plus(v(10)));
    grants(LOG, Rule.GRANT_TTL, g -> g.seq() == 1, "ttlMs", (Long x) -> x + 1);
    grants(
        LOG, Rule.GRANT_VALIDITY, g -> g.seq() == 0, "issuedAt", (Long x) -> Parties.NOW - 2_000);
  }

  private static void stops() {
    in(
        LOG,
        Rule.COMMAND_TWICE,
        s -> {
          s.everything();
          s.append(Statements.COMMAND, revoke(s.t, s.t.cseq()), s.t.parties.grantKey);
        });
    in(
        LOG,
        Rule.COMMAND_ORDER,
        s ->
            s.<Command, Optional<Hash>>bent(
                Command.class,
                c -> c.type() == Command.Type.RESUME,
                "order",
                x -> Optional.empty()));
    in(
        LOG,
        Rule.RESUME_ORDER,
        s ->
            s.<Order, Long>bent(
                Order.class, o -> o.action() == Order.Action.RESUME, "afterCseq", x -> x - 1));
    in(
        LOG,
        Rule.AFTER_REVOKE,
        s -> {
          s.everything();
          s.t.order(Order.Action.RESUME, Target.ALL);
        });
    in(
        LOG,
        Rule.COMMAND_EPOCH,
        s -> {
          s.everything();
          Command c = revoke(s.t, s.t.cseq() + 1);
          s.append(
              Statements.COMMAND, Bends.with(c, "epoch", (Long x) -> x + 1), s.t.parties.grantKey);
        });
    grants(LOG, Rule.GRANT_EPOCH, g -> g.seq() == 2, "epoch", (Long x) -> 2L);
    grants(LOG, Rule.RAISED_AFTER_STOP, BrokenStoriesTest::held, "allow", (Vec x) -> x.plus(v(10)));
    grants(LOG, Rule.GRANT_MODE, BrokenStoriesTest::held, "mode", (Mode x) -> Mode.RUN);
    in(
        LOG,
        Rule.GRANT_CSEQ,
        s -> {
          s.t.bends.bend(Grant.class, BrokenStoriesTest::held, "cseq", (Long x) -> 0L);
          s.<Grant, Mode>bent(Grant.class, g -> g.mode() == Mode.HOLD, "mode", x -> Mode.RUN);
        });
    in(
        LOG,
        Rule.WRITE_OFF,
        s -> s.t.order(Order.Action.WRITE_OFF, Target.of(s.everything().a().id)));
  }

  private static void endings() {
    in(
        RELAY,
        Rule.FINAL_CHAIN,
        s -> s.<Final, Hash>bent(Final.class, f -> true, "prev", x -> Parties.hash(9)));
    in(
        RELAY,
        Rule.FINAL_USED,
        s -> s.<Final, Vec>bent(Final.class, f -> f.seq() > 5, "used", x -> v(1_000)));
    in(
        LOG,
        Rule.FINAL_TAKEN,
        s -> s.<Final, Vec>bent(Final.class, f -> f.seq() > 5, "used", x -> v(1_000)));
    closures(
        Rule.CLOSURE_FINAL,
        c ->
            Bends.with(
                Bends.with(c, "used", (Vec x) -> x.plus(v(10))),
                "refund",
                (Vec x) -> x.minus(v(10))));
    closures(Rule.CLOSURE_REFUND, c -> Bends.with(c, "refund", (Vec x) -> x.minus(v(10))));
    in(
        LOG,
        Rule.CLOSURE_TWICE,
        s -> {
          s.everything();
          Closure c = decode(Statements.CLOSURE, last(s.t, Statements.CLOSURE));
          s.append(
              Statements.CLOSURE,
              Bends.with(c, "issuedAt", (Long x) -> x + 1),
              s.t.parties.grantKey);
        });
    in(
        LOG,
        Rule.AFTER_END,
        s -> {
          Grant g = s.everything().a().grant().body();
          s.append(Statements.GRANT, Bends.with(g, "seq", (Long x) -> x + 1), s.t.parties.grantKey);
        });
    in(
        RELAY,
        Rule.SILENCE,
        s -> {
          s.t.ask(s.everything().lost(), v(1));
          s.waited = s.t.terms().ttlMs() + 1;
        });
    in(
        RELAY,
        Rule.RECEIPT_CHAIN,
        s -> {
          Tales.Cast cast = s.everything();
          s.t.bends.bend(Receipt.class, r -> true, "prev", (Hash x) -> Parties.hash(9));
          s.t.serve(cast.a(), Vec.ZERO);
          s.t.serve(cast.a(), v(1));
        });
    in(RELAY, Rule.RECEIPT_CHARGED, s -> s.t.serve(s.everything().a(), v(1_100)));
  }

  private static void books() {
    in(
        LOG,
        Rule.BUDGET,
        s -> {
          s.t.open();
          s.t.cookBooks(s.t.terms().budget().times(4), s.t.terms().exposureMax());
          List<Actor> all = List.of(s.t.enrol(), s.t.enrol());
          for (int beat = 1; beat <= 3; beat++) {
            for (Actor a : all) {
              s.t.beat(a, a.allow().min(s.t.terms().budget()));
            }
          }
        });
    in(
        LOG,
        Rule.EXPOSURE,
        s -> {
          s.t.open();
          s.t.cookBooks(s.t.terms().budget(), s.t.terms().budget());
          s.t.enrol();
          s.t.enrol();
          s.t.enrol();
        });
    in(
        RELAY,
        Rule.EXPOSURE,
        s -> {
          s.t.open();
          s.t.cookBooks(s.t.terms().budget(), s.t.terms().budget());
          List<Actor> all = List.of(s.t.enrol(), s.t.enrol(), s.t.enrol());
          s.t.ask(all.getFirst(), v(10));
          all.forEach(a -> s.t.end(a, v(20)));
        });
  }

  private static <V> void grants(
      Scope scope, Rule rule, Predicate<Grant> meant, String component, UnaryOperator<V> change) {
    in(scope, rule, s -> s.bent(Grant.class, once(meant), component, change));
  }

  private static void closures(Rule rule, UnaryOperator<Closure> change) {
    in(
        LOG,
        rule,
        s -> {
          s.everything();
          Envelope honest = last(s.t, Statements.CLOSURE);
          s.dropped = e -> e.hash().equals(honest.hash());
          s.append(
              Statements.CLOSURE,
              change.apply(decode(Statements.CLOSURE, honest)),
              s.t.parties.grantKey);
        });
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBreachIsFoundUnderItsOwnName(Rule rule) {
    Breach breach = BREACHES.get(rule);
    Told told = new Told();
    breach.tell.accept(told);
    List<Finding> findings = told.audit(breach.scope).findings();
    assertThat(findings).extracting(Finding::rule).containsOnly(rule);
  }

  @ParameterizedTest
  @EnumSource(names = {"FINAL_CHAIN", "FINAL_USED"})
  void aLogWithoutTheEnclavesKeyAccusesTheCustodianWhoTookTheFinal(Rule rule) {
    Told told = new Told();
    BREACHES.get(rule).tell.accept(told);
    assertThat(told.audit(LOG).findings()).extracting(Finding::rule).containsOnly(Rule.FINAL_TAKEN);
  }

  static Stream<Rule> broken() {
    return BREACHES.keySet().stream();
  }

  @Test
  void noRuleIsWithoutItsBreach() {
    assertThat(Arrays.stream(Rule.values()).filter(r -> !r.code().startsWith("log.")).toList())
        .allSatisfy(r -> assertThat(BREACHES).containsKey(r));
    assertThat(Arrays.stream(Rule.values()).map(Rule::code)).doesNotHaveDuplicates();
  }

  @Test
  void aRefusalUnderTheCustodiansSignatureIsAnAnswer() {
    Told told = new Told();
    Actor lost = told.everything().lost();
    told.t.ask(lost, v(1));
    told.t.refuse(lost, "fenced");
    told.waited = told.t.terms().ttlMs() + 1;
    assertThat(told.audit(RELAY).findings()).isEmpty();
  }

  @Test
  void anotherApproverSetIsBelievedInNothing() {
    Told told = new Told();
    told.everything();
    Auditor auditor = new Auditor(LOG, Optional.of(Parties.hash(7)));
    told.t.lines(LOG).forEach(l -> auditor.take(l.statement(), l.at()));
    Report r = auditor.report(0);
    assertThat(r.approverSet()).isEmpty();
    assertThat(r.leases()).isEmpty();
  }

  private static boolean held(Grant g) {
    return g.mode() == Mode.HOLD && g.seq() == 3;
  }

  /** Only the first statement that is meant: the same seq comes in every enclave's chain. */
  private static <T> Predicate<T> once(Predicate<T> meant) {
    List<T> seen = new ArrayList<>();
    return x -> {
      boolean first = seen.isEmpty() && meant.test(x);
      if (first) {
        seen.add(x);
      }
      return first;
    };
  }

  private static Predicate<Envelope> first(Kind<?> kind) {
    return once(e -> e.payloadType().equals(kind.payloadType()));
  }

  private static Envelope last(StoryTeller t, Kind<?> kind) {
    return t.lines(LOG).stream()
        .map(BundleLine::statement)
        .filter(e -> e.payloadType().equals(kind.payloadType()))
        .toList()
        .getLast();
  }

  private static <T extends Record> T decode(Kind<T> kind, Envelope e) {
    try {
      return kind.decode(e.payload().toArray());
    } catch (Malformed m) {
      throw new AssertionError(m);
    }
  }

  private static boolean signedBy(Envelope e, Ed25519Signer signer) {
    return e.signatures().getFirst().key().equals(signer.key().keyid());
  }

  private static Command revoke(StoryTeller t, long cseq) {
    Envelope e = last(t, Statements.COMMAND);
    Command c = Bends.with(decode(Statements.COMMAND, e), "cseq", (Long x) -> cseq);
    Command own = Bends.with(c, "order", (Optional<Hash> x) -> Optional.empty());
    return Bends.with(own, "reason", (String x) -> "again");
  }
}
