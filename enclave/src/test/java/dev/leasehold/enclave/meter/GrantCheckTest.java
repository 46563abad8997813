package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.meter.GrantRefused.Check;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.GrantDraft;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each check on a grant, broken alone, drops it and changes nothing (protocol §6.3; BH-03, -10).
 */
final class GrantCheckTest {

  static Stream<Arguments> bends() {
    return Stream.of(
        bend("another enclave's key", Check.ADDRESSEE, g -> g.ik = Approvers.hash(1)),
        bend("another lease", Check.ADDRESSEE, g -> g.leaseId = Approvers.id(99)),
        bend("another instance", Check.ADDRESSEE, g -> g.instanceId = Approvers.id(99)),
        bend("another epoch", Check.ADDRESSEE, g -> g.epoch++),
        bend("another incarnation", Check.ADDRESSEE, g -> g.incarnation++),
        bend("a later seq", Check.CHAIN, g -> g.seq++),
        bend("a seq far off", Check.CHAIN, g -> g.seq += 1_000),
        bend("another heartbeat", Check.CHAIN, g -> g.hb = Approvers.hash(1)),
        bend("another predecessor", Check.CHAIN, g -> g.prev = Approvers.hash(1)),
        bend("allow above the tranche", Check.CEILINGS, g -> g.allow = plus(g.allow, 1)),
        bend("ttl above the lease's", Check.CEILINGS, g -> g.ttlMs++),
        bend("issued before the lease", Check.CEILINGS, g -> g.issuedAt = Approvers.NOW - 2_000),
        bend(
            "issued after the lease",
            Check.CEILINGS,
            g -> g.issuedAt = Approvers.NOW + 7_000_000_000L));
  }

  @Tag("BH-03")
  @Tag("BH-10")
  @Tag("D4")
  @Tag("D5")
  @ParameterizedTest(name = "{0}")
  @MethodSource("bends")
  void aGrantWrongInOneWayIsDropped(String name, Check check, Consumer<GrantDraft> bend)
      throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    Guard.State before = f.guard.state();
    GrantDraft wrong = f.answer(heartbeat);
    bend.accept(wrong);

    assertThatExceptionOfType(GrantRefused.class)
        .isThrownBy(() -> f.take(wrong))
        .satisfies(refused -> assertThat(refused.check()).isEqualTo(check));

    assertThat(f.guard.state()).isEqualTo(before);
  }

  @Tag("BH-10")
  @ParameterizedTest(name = "grant 0: {0}")
  @MethodSource("bends")
  void grantZeroIsCheckedInTheSameWay(String name, Check check, Consumer<GrantDraft> bend)
      throws Exception {
    LoopFixture f = new LoopFixture();
    assertThatExceptionOfType(GrantRefused.class)
        .isThrownBy(() -> f.enrol(bend))
        .satisfies(refused -> assertThat(refused.check()).isEqualTo(check));
    assertThat(f.worksNow()).isFalse();
    assertThat(f.loop.view()).isEmpty();
  }

  @Test
  void afterADroppedGrantTheRightOneIsStillTaken() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.work(new Vec(1, 0, 128, 0));
    f.requests(8, 16);
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    GrantDraft wrong = f.answer(heartbeat);
    wrong.ttlMs++;
    assertThatExceptionOfType(GrantRefused.class).isThrownBy(() -> f.take(wrong));
    f.take(f.answer(heartbeat));
    assertThat(f.guard.state().allow().outputTokens()).isEqualTo(2_128);
  }

  @Tag("D4")
  @Test
  void aGrantSignedByAKeyThatIsNoGrantKeyIsDropped() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    f.custodian.gk = f.custodian.people.operator;
    assertThatExceptionOfType(GrantRefused.class)
        .isThrownBy(() -> f.take(f.answer(heartbeat)))
        .satisfies(refused -> assertThat(refused.check()).isEqualTo(Check.SIGNATURE));
  }

  @Tag("D10")
  @Test
  void aGrantKeyBeyondItsValidityIsNone() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    GrantDraft late = f.answer(heartbeat);
    late.issuedAt = Approvers.NOW + 86_400_000_000L;
    assertThatExceptionOfType(GrantRefused.class)
        .isThrownBy(() -> f.take(late))
        .satisfies(refused -> assertThat(refused.check()).isEqualTo(Check.SIGNATURE));
  }

  @Tag("BH-10")
  @Tag("CF-04")
  @Tag("D6")
  @Test
  void theBudgetIsACeilingOfItsOwn() throws Exception {
    LoopFixture f =
        LoopFixture.enrolled(terms -> {
          terms.budget = new Vec(1_000, 100_000, 2_100, 1_000_000_000);
          terms.exposureMax = new Vec(500, 50_000, 2_050, 500_000_000);
        });
    f.work(new Vec(1, 0, 1_984, 0));
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    assertThat(heartbeat.body().used().outputTokens()).isEqualTo(1_984);
    GrantDraft beyond = f.answer(heartbeat);
    beyond.allow = plus(beyond.allow, 1);
    assertThatExceptionOfType(GrantRefused.class)
        .isThrownBy(() -> f.take(beyond))
        .satisfies(refused -> assertThat(refused.check()).isEqualTo(Check.CEILINGS));
    f.take(f.answer(heartbeat));
    assertThat(f.guard.state().allow().outputTokens()).isEqualTo(2_100);
  }

  @Test
  void aGrantBelowTheAllowanceIsTakenAndLowersNothing() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    GrantDraft less = f.answer(heartbeat);
    less.allow = Vec.ZERO;
    f.take(less);
    assertThat(f.guard.state().allow()).isEqualTo(f.custodian.lease.tranche());
  }

  @Tag("BH-03")
  @Tag("D5")
  @Test
  void replayedAndReorderedGrantsChangeNothing() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> first = f.nextHeartbeat();
    GrantDraft firstGrant = f.answer(first);
    f.take(firstGrant);
    f.take(firstGrant); // nothing is outstanding: ignored
    f.work(new Vec(1, 0, 1_500, 0));
    Signed<Heartbeat> second = f.nextHeartbeat();
    Guard.State before = f.guard.state();
    for (int i = 0; i < 1_000; i++) {
      assertThatExceptionOfType(GrantRefused.class).isThrownBy(() -> f.take(firstGrant));
    }
    assertThat(f.guard.state()).isEqualTo(before);
    f.take(f.answer(second));
    assertThat(f.guard.state().allow().outputTokens()).isEqualTo(3_472);
  }

  private static Arguments bend(String name, Check check, Consumer<GrantDraft> bend) {
    return Arguments.of(name, check, bend);
  }

  private static Vec plus(Vec v, long outputTokens) {
    return v.plus(new Vec(0, 0, outputTokens, 0));
  }
}
