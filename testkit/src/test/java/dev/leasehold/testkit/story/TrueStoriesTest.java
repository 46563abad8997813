package dev.leasehold.testkit.story;

import static dev.leasehold.testkit.story.Tales.v;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Rule;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is true has no findings, and its accounts are the custodian's own. */
class TrueStoriesTest {
  private static final int STORIES =
      System.getProperty("leasehold.scale", "verify").equals("nightly") ? 5_000 : 30;

  @ParameterizedTest
  @EnumSource(Scope.class)
  void everythingThatMayHappenIsConsistent(Scope scope) {
    StoryTeller t = new StoryTeller();
    Tales.everything(t);
    Report r = Tales.audit(t, scope);
    assertThat(r.findings()).isEmpty();
    assertThat(r.approverSet()).contains(t.parties.approverSet());
    assertAccounts(t, r);
  }

  @Test
  void aRevokeIsFollowedToItsEnd() {
    StoryTeller t = new StoryTeller();
    Tales.Cast cast = Tales.everything(t);
    t.writeOff(cast.lost());
    Report r = Tales.audit(t, Scope.LOG);
    Report.LeaseAccount lease = r.leases().getFirst();
    Report.Revocation revoke = lease.revocations().getFirst();
    assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
    assertThat(revoke.unresolved()).isEqualTo(Vec.ZERO);
    assertThat(revoke.residual()).isEqualTo(cast.lost().allow());
    assertThat(revoke.x())
        .isEqualTo(revoke.proven().plus(revoke.refunded()).plus(revoke.residual()));
    assertThat(lease.instances())
        .extracting(Report.InstanceAccount::standing)
        .containsExactly(
            Report.Standing.CLOSED, Report.Standing.CLOSED, Report.Standing.WRITTEN_OFF);
    assertThat(r.incidents()).extracting(Report.IncidentLine::what).containsExactly("a test");
  }

  @Test
  void aRelayMayMissAVersionOrSeeItLate() {
    StoryTeller t = new StoryTeller().open();
    t.amend(t.terms().budget().times(2));
    t.amend(t.terms().budget().times(2));
    List<BundleLine> lines = new ArrayList<>(t.lines(Scope.RELAY));
    lines.add(lines.remove(lines.size() - 2));
    Report r = Tales.audit(t, lines, Scope.RELAY);
    assertThat(r.findings()).isEmpty();
    assertThat(r.leases().getFirst().budget()).isEqualTo(t.terms().budget());
  }

  @Test
  void aRelayThatHadNoEnclaveToHearOfACommandAccusesNobody() {
    StoryTeller t = new StoryTeller().open();
    Actor a = t.enrol();
    t.order(Order.Action.SUSPEND, Target.ALL);
    t.beat(a, v(100));
    t.end(a, v(100));
    int unheard = t.lines(Scope.RELAY).size();
    t.order(Order.Action.RESUME, Target.ALL);
    List<BundleLine> lines = new ArrayList<>(t.lines(Scope.RELAY).subList(0, unheard));
    int heard = t.lines(Scope.RELAY).size();
    t.enrol();
    lines.addAll(t.lines(Scope.RELAY).subList(heard, t.lines(Scope.RELAY).size()));
    assertThat(Tales.audit(t, lines, Scope.RELAY).findings())
        .extracting(Finding::rule)
        .containsOnly(Rule.MISSING);
  }

  /** An answer that was lost may be had again, for the same message, when all is over. */
  @Test
  void anAnswerThatComesWhenAllIsOverIsNoNewGrantButInALog() {
    StoryTeller t = new StoryTeller().open();
    Actor a = t.enrol();
    t.beat(a, v(100));
    int relayed = t.lines(Scope.RELAY).size();
    int logged = t.lines(Scope.LOG).size();
    t.end(a, v(100));
    assertThat(Tales.audit(t, late(t.lines(Scope.RELAY), relayed), Scope.RELAY).findings())
        .extracting(Finding::rule)
        .contains(Rule.MISSING)
        .doesNotContain(Rule.AFTER_END);
    assertThat(Tales.audit(t, late(t.lines(Scope.LOG), logged), Scope.LOG).findings())
        .extracting(Finding::rule)
        .contains(Rule.AFTER_END);
  }

  /** The last of the first {@code size} lines comes after all others. */
  private static List<BundleLine> late(List<BundleLine> told, int size) {
    List<BundleLine> lines = new ArrayList<>(told);
    lines.add(lines.remove(size - 1));
    return lines;
  }

  /** What a final left is given to others, whoever hears of the closure. */
  @Test
  void aFinalWhoseClosureWasLostMayHaveMadeRoom() {
    StoryTeller t = new StoryTeller().open();
    Vec two = t.terms().tranche().times(2);
    while (t.books().reserved().plus(two).atMost(t.books().budget())) {
      Actor full = t.enrol();
      t.end(full, full.allow());
    }
    Actor a = t.enrol();
    t.end(a, v(100));
    int closure = t.lines(Scope.RELAY).size() - 1;
    t.enrol();
    Ledger full = t.books();
    assertThat(full.reserved().plus(t.terms().tranche()).atMost(full.budget()))
        .as("with what it left they are over the budget")
        .isFalse();
    List<BundleLine> lines = new ArrayList<>(t.lines(Scope.RELAY));
    lines.remove(closure);
    assertThat(Tales.audit(t, lines, Scope.RELAY).findings()).isEmpty();
  }

  /** A host may hand one enclave's challenge to another. */
  @Test
  void anEnclaveIsWhoWasAdmittedWhoeverElseShowedEvidenceInItsName() {
    StoryTeller t = new StoryTeller().open();
    Actor a = t.enrol();
    int granted = t.lines(Scope.RELAY).size() - 1;
    t.showInTheNameOf(a, Parties.key(0x33));
    List<BundleLine> lines = new ArrayList<>(t.lines(Scope.RELAY));
    lines.add(granted, lines.removeLast());
    int all = lines.size();
    t.beat(a, v(100));
    t.end(a, v(100));
    lines.addAll(t.lines(Scope.RELAY).subList(all, t.lines(Scope.RELAY).size()));
    assertThat(Tales.audit(t, lines, Scope.RELAY).findings()).isEmpty();
  }

  /** What a heartbeat proves used makes room for another enclave, whoever hears of it. */
  @Test
  void aHeartbeatWhoseAnswerWasLostMayHaveMadeRoom() {
    StoryTeller t = new StoryTeller().open();
    List<Actor> all = new ArrayList<>(List.of(t.enrol(), t.enrol()));
    Actor a = all.getFirst();
    t.beatUnheard(a, a.allow());
    all.add(t.enrol());
    Ledger full = t.books();
    assertThat(full.exposure().plus(a.allow()).atMost(full.exposureMax()))
        .as("without what it used they are over the cap")
        .isFalse();
    all.forEach(x -> t.end(x, x.allow()));
    assertThat(Tales.audit(t, Scope.RELAY).findings()).isEmpty();
  }

  @Test
  void noCommandThatIsMissingExplainsAGrantAfterARevoke() {
    StoryTeller t = new StoryTeller().open();
    Actor a = t.enrol();
    t.order(Order.Action.REVOKE, Target.ALL);
    t.beat(a, v(50));
    int unheard = t.lines(Scope.RELAY).size();
    t.command(Command.Type.ROTATE, Target.ALL, Optional.empty());
    List<BundleLine> lines = new ArrayList<>(t.lines(Scope.RELAY).subList(0, unheard));
    int heard = t.lines(Scope.RELAY).size();
    t.bends.bend(Grant.class, g -> g.seq() == 2, "mode", (Mode m) -> Mode.RUN);
    t.beat(a, v(100));
    lines.addAll(t.lines(Scope.RELAY).subList(heard, t.lines(Scope.RELAY).size()));
    assertThat(Tales.audit(t, lines, Scope.RELAY).findings())
        .extracting(Finding::rule)
        .contains(Rule.GRANT_MODE);
  }

  @Test
  void aLogKnowsTheNameOfAnEnclavesKeyAndABundleTheKey() {
    StoryTeller t = new StoryTeller();
    Tales.everything(t);
    assertThat(cessation(Tales.audit(t, Scope.LOG)).finalVerified()).isFalse();
    assertThat(cessation(Tales.audit(t, Scope.RELAY)).finalVerified()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverTheProtocolAllowsIsConsistent(long seed) {
    StoryTeller t = Tales.random(new Random(seed));
    Report log = Tales.audit(t, Scope.LOG);
    assertThat(log.findings()).as("seed %d, log", seed).isEmpty();
    assertThat(Tales.audit(t, Scope.RELAY).findings()).as("seed %d, relay", seed).isEmpty();
    assertAccounts(t, log);
  }

  /** Statements that are signed, but torn out of their order, are findings and never a failure. */
  @ParameterizedTest
  @MethodSource("seeds")
  void noOrderOfSignedStatementsIsTooMuch(long seed) {
    Random dice = new Random(seed);
    StoryTeller t = Tales.random(dice);
    for (Scope scope : Scope.values()) {
      List<BundleLine> lines = new ArrayList<>(t.lines(scope));
      lines.addAll(t.lines(scope == Scope.LOG ? Scope.RELAY : Scope.LOG));
      lines.removeIf(l -> dice.nextInt(4) == 0);
      Collections.shuffle(lines.subList(dice.nextInt(5), lines.size()), dice);
      assertThat(Tales.audit(t, lines, scope).statements())
          .as("seed %d", seed)
          .isEqualTo(lines.size());
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, STORIES);
  }

  private static Report.Cessation cessation(Report r) {
    return r.leases().getFirst().instances().getFirst().cessation().orElseThrow();
  }

  private static void assertAccounts(StoryTeller t, Report r) {
    Report.LeaseAccount lease = r.leases().getFirst();
    assertThat(lease.promised()).isEqualTo(t.books().reserved());
    assertThat(lease.proven().plus(lease.residual())).isEqualTo(t.books().settled());
    assertThat(lease.exposure()).isEqualTo(t.books().exposure());
    assertThat(r.borrowers().getFirst().proven()).isEqualTo(lease.proven());
  }
}
