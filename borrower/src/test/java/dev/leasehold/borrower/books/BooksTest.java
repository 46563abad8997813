package dev.leasehold.borrower.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Exchange;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.story.Bends;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every promise a grant or closure makes, broken alone, is an alarm that names it. */
class BooksTest {
  private static final Vec USED = new Vec(1, 10, 100, 1_000);

  private final Parties parties = new Parties();
  private final Exchange x = new Exchange(parties);
  private Books books = new Books(Parties.LEASE_ID);
  private Signed<Grant> last;
  private Signed<Heartbeat> asked;

  @BeforeEach
  void enrolAndAsk() {
    sayHello();
    assertThat(enrolment(x.sign(x.grantZero()))).isEmpty();
    last = x.sign(x.grantZero());
    ask(x.heartbeat(1, x.evidence().hash(), last.hash(), USED), last);
  }

  private void ask(Signed<Heartbeat> heartbeat, Signed<Grant> acknowledged) {
    asked = heartbeat;
    out(
        Entry.What.HEARTBEAT,
        Bundle.write(
            Bundles.HeartbeatPost.class,
            new Bundles.HeartbeatPost(asked.envelope(), acknowledged.envelope())));
  }

  private void sayHello() {
    books = new Books(Parties.LEASE_ID);
    in(Entry.What.BUNDLE, Bundle.write(Bundles.LeaseBundle.class, parties.bundle()));
    in(
        Entry.What.HELLO,
        Bundle.write(
            Bundles.Enrolled.class,
            new Bundles.Enrolled(x.challenge().envelope(), Parties.hash(1))));
    out(
        Entry.What.EVIDENCE,
        Bundle.write(
            Bundles.EvidencePost.class,
            new Bundles.EvidencePost(
                x.evidence().envelope(), Tee.SEV_SNP, Bytes.EMPTY, List.of(), List.of())));
  }

  @Test
  void aFittingGrantRaisesNoAlarmAndMovesTheBooks() {
    assertThat(reply(x.sign(good()))).isEmpty();
    Statement s = books.statement(Parties.NOW);
    assertThat(s.proven()).isEqualTo(USED);
    assertThat(s.exposure()).isEqualTo(parties.lease.body().tranche());
    assertThat(s.instances().getFirst().standing()).isEqualTo(Statement.Standing.UNRESOLVED);
  }

  @Tag("CF-05")
  @Test
  void eachFieldOfAGrantIsComparedWithWhatItAnswers() {
    Hash other = Parties.hash(0x77);
    Lease lease = parties.lease.body();
    assertAlarm("grant.ik", Bends.with(good(), Map.of("ik", other)));
    assertAlarm("grant.instanceId", Bends.with(good(), Map.of("instanceId", Parties.id(9))));
    assertAlarm("grant.seq", Bends.with(good(), Map.of("seq", 2L)));
    assertAlarm("grant.hb", Bends.with(good(), Map.of("hb", other)));
    assertAlarm("grant.prev", Bends.with(good(), Map.of("prev", other)));
    assertAlarm("grant.used", Bends.with(good(), Map.of("used", new Vec(1, 10, 99, 1_000))));
    assertAlarm("grant.allow", Bends.with(good(), Map.of("allow", lease.tranche().minus(USED))));
    assertAlarm(
        "grant.allow",
        Bends.with(good(), Map.of("allow", good().allow().plus(new Vec(0, 0, 1, 0)))));
    assertAlarm("grant.ttlMs", Bends.with(good(), Map.of("ttlMs", lease.ttlMs() + 1)));
  }

  @Tag("CF-05")
  @Test
  void numbersThatNoSumHoldsAreAnAlarmAndTheBooksGoOn() {
    Vec most = new Vec(Vec.MAX, Vec.MAX, Vec.MAX, Vec.MAX);
    Grant absurd = Bends.with(good(), Map.of("used", most, "allow", most));
    assertThat(reply(x.sign(absurd))).extracting(Alarm::what).contains("grant.used", "grant.allow");
    books.observe(
        entry(
            Entry.Direction.IN, Entry.What.HEARTBEAT, 200, Parties.id(9), replyOf(x.sign(absurd))));
    assertThat(books.statement(Parties.NOW).reserved()).isEqualTo(most);
  }

  @Test
  void aGrantBySomebodyElseIsNoGrant() {
    List<Alarm> alarms = reply(Dsse.sign(Statements.GRANT, good(), parties.stranger));
    assertThat(alarms).extracting(Alarm::what).containsExactly("heartbeat.signature");
    assertThat(books.statement(Parties.NOW).proven()).isEqualTo(Vec.ZERO);
  }

  @Tag("CF-05")
  @Test
  void twoGrantsForOneHeartbeatAreKeptAsProof() {
    assertThat(reply(x.sign(good()))).isEmpty();
    assertThat(reply(x.sign(good()))).isEmpty();
    List<Alarm> alarms = reply(x.sign(Bends.with(good(), Map.of("ttlMs", 40_000L))));
    assertThat(alarms).extracting(Alarm::what).containsExactly("grant for seq 1");
  }

  @Test
  void silenceIsAnAlarmUntilThereIsAnAnswer() {
    long ttl = parties.lease.body().ttlMs();
    assertThat(books.statement(Parties.NOW + ttl).alarms()).isEmpty();
    assertThat(books.statement(Parties.NOW + ttl + 1).alarms())
        .extracting(Alarm::what)
        .containsExactly("silence");
    reply(x.sign(good()));
    assertThat(books.statement(Parties.NOW + ttl + 1).alarms()).isEmpty();
  }

  @Test
  void aGrantZeroAnswersTheEvidenceAndTheChallenge() {
    Hash other = Parties.hash(0x77);
    assertAlarmAtEnrolment("grant.used", Bends.with(x.grantZero(), Map.of("used", USED)));
    assertAlarmAtEnrolment("grant.hb", Bends.with(x.grantZero(), Map.of("hb", other)));
    assertAlarmAtEnrolment("grant.prev", Bends.with(x.grantZero(), Map.of("prev", other)));
    assertAlarmAtEnrolment("grant.seq", Bends.with(x.grantZero(), Map.of("seq", 1L)));
  }

  @Tag("CF-05")
  @Test
  void aClosureIsOfThisFinalWithItsUseAndTheWholeRefund() {
    reply(x.sign(good()));
    Signed<Grant> grant = x.sign(good());
    Signed<Final> bye = x.last(2, asked.hash(), grant.hash(), USED);
    out(
        Entry.What.FINAL,
        Bundle.write(
            Bundles.FinalPost.class,
            new Bundles.FinalPost(
                bye.envelope(), Optional.of(grant.envelope()), Optional.empty())));
    Vec refund = good().allow().minus(USED);
    Vec less = refund.minus(new Vec(0, 0, 1, 0));
    assertThat(closed(Parties.hash(3), USED, refund))
        .extracting(Alarm::what)
        .containsExactly("closure.final");
    assertThat(books.isClosed(Parties.INSTANCE_ID)).isTrue();
    assertThat(closed(bye.hash(), USED, less)).extracting(Alarm::what).contains("closure.refund");
  }

  @Test
  void evidenceThatIsAnsweredAgainLateMovesNothing() {
    reply(x.sign(good()));
    Statement before = books.statement(Parties.NOW);
    assertThat(enrolment(x.sign(x.grantZero()))).isEmpty();
    assertThat(books.statement(Parties.NOW)).isEqualTo(before);
    Grant another = Bends.with(x.grantZero(), Map.of("ttlMs", 40_000L));
    assertThat(enrolment(x.sign(another)))
        .extracting(Alarm::what)
        .containsExactly("grant for seq 0");
  }

  @Test
  void aHeartbeatThatIsAnsweredAgainLateMovesNothing() {
    Signed<Grant> one = x.sign(good());
    reply(one);
    Signed<Heartbeat> earlier = asked;
    ask(x.heartbeat(2, earlier.hash(), one.hash(), USED), one);
    Signed<Grant> two = x.sign(x.grant(2, asked.hash(), one.hash(), USED));
    assertThat(reply(two)).isEmpty();
    Statement before = books.statement(Parties.NOW);
    ask(earlier, last);
    assertThat(reply(one)).isEmpty();
    assertThat(books.statement(Parties.NOW)).isEqualTo(before);
    assertThat(reply(x.sign(Bends.with(good(), Map.of("ttlMs", 40_000L)))))
        .extracting(Alarm::what)
        .containsExactly("grant for seq 1");
    ask(x.heartbeat(3, two.body().hb(), two.hash(), USED), two);
    assertThat(reply(x.sign(x.grant(3, asked.hash(), two.hash(), USED)))).isEmpty();
    assertThat(reply(one))
        .as("the custodian keeps two")
        .extracting(Alarm::what)
        .containsExactly("grant for seq 1");
  }

  @Test
  void aRefundMayBeOfAGrantThatWasLostOnItsWayAndOfNoLessThanWhatCame() {
    Signed<Final> bye = x.last(2, asked.hash(), last.hash(), USED);
    endsUnanswered(bye);
    Vec least = last.body().allow().minus(USED);
    Vec less = least.minus(new Vec(0, 0, 1, 0));
    assertThat(closed(bye.hash(), USED, less))
        .extracting(Alarm::what)
        .containsExactly("closure.refund");
    enrolAndAsk();
    endsUnanswered(bye);
    assertThat(closed(bye.hash(), USED, good().allow().minus(USED))).isEmpty();
  }

  private void endsUnanswered(Signed<Final> bye) {
    out(
        Entry.What.FINAL,
        Bundle.write(
            Bundles.FinalPost.class,
            new Bundles.FinalPost(
                bye.envelope(), Optional.of(last.envelope()), Optional.of(asked.envelope()))));
  }

  private Grant good() {
    return x.grant(1, asked.hash(), last.hash(), USED);
  }

  private void assertAlarmAtEnrolment(String what, Grant bent) {
    sayHello();
    assertThat(enrolment(x.sign(bent))).extracting(Alarm::what).containsExactly(what);
  }

  private void assertAlarm(String what, Grant bent) {
    enrolAndAsk();
    assertThat(reply(x.sign(bent))).extracting(Alarm::what).contains(what);
  }

  private List<Alarm> enrolment(Signed<Grant> grant) {
    return in(
        Entry.What.EVIDENCE,
        Bundle.write(
            Bundles.EnrolmentReply.class,
            new Bundles.EnrolmentReply(
                x.challenge().envelope(),
                Optional.of(grant.envelope()),
                Optional.empty(),
                Optional.empty(),
                Json.Obj.EMPTY)));
  }

  private List<Alarm> reply(Signed<Grant> grant) {
    return in(Entry.What.HEARTBEAT, replyOf(grant));
  }

  private static byte[] replyOf(Signed<Grant> grant) {
    return Bundle.write(
        Bundles.HeartbeatReply.class,
        new Bundles.HeartbeatReply(
            grant.envelope(), Optional.empty(), List.of(), List.of(), List.of(), Json.Obj.EMPTY));
  }

  private List<Alarm> closed(Hash last, Vec used, Vec refund) {
    return in(
        Entry.What.FINAL,
        Bundle.write(
            Bundles.FinalReply.class,
            new Bundles.FinalReply(x.closure(last, used, refund).envelope())));
  }

  private List<Alarm> in(Entry.What what, byte[] body) {
    return observe(Entry.Direction.IN, what, 200, body);
  }

  private void out(Entry.What what, byte[] body) {
    assertThat(observe(Entry.Direction.OUT, what, 0, body)).isEmpty();
  }

  private List<Alarm> observe(Entry.Direction direction, Entry.What what, int status, byte[] body) {
    return books.observe(entry(direction, what, status, Parties.INSTANCE_ID, body));
  }

  private static Entry entry(
      Entry.Direction direction, Entry.What what, int status, Id instance, byte[] body) {
    return new Entry(
        Parties.NOW,
        direction,
        what,
        Optional.of(instance),
        Optional.empty(),
        status,
        Bytes.of(body));
  }
}
