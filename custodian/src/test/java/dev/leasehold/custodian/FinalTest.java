package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Protocol §6.4: what an enclave leaves behind, whatever the wire lost before (BH-09). */
@ParameterizedClass
@EnumSource
@Tag("BH-09")
class FinalTest {
  @Parameter Engine engine;
  @TempDir Path folder;
  private World world;
  private Enclave e;

  @BeforeEach
  void enrolled() throws Exception {
    world = new World(folder, engine).lend();
    e = world.enclave().enrolled();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void theRefundIsMadeOnceAndTheClosureRepeated() {
    e.beat(100);
    Signed<Final> last = Dsse.sign(Statements.FINAL, e.last(Owner.out(150)), e.ik);
    World.Answer first = e.end(last, Optional.empty());
    Closure closure =
        e.own(Statements.CLOSURE, first.as(Bundles.FinalReply.class).closure()).body();
    assertThat(closure.used()).isEqualTo(Owner.out(150));
    assertThat(closure.refund()).isEqualTo(Owner.out(1_950));
    assertThat(closure.finalHash()).isEqualTo(last.hash());
    assertThat(e.end(last, Optional.empty()).text()).isEqualTo(first.text());
    Signed<Final> other = Dsse.sign(Statements.FINAL, e.last(Owner.out(140)), e.ik);
    assertRefused(e.end(other, Optional.empty()), other.hash(), "closed");
    assertThat(world.incidents()).contains("final-after-final");
    assertThat(World.outputTokens(world.view(), "reserved")).isEqualTo(150);
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(150);
  }

  @Test
  void aHeartbeatThatNeverArrivedComesWithTheFinalAndGetsNoGrant() {
    e.beat(100);
    Signed<Heartbeat> lost = e.signed(e.heartbeat(Owner.out(300)));
    e.sent(lost);
    Signed<Final> last = Dsse.sign(Statements.FINAL, e.last(Owner.out(330)), e.ik);
    assertRefused(e.end(last, Optional.empty()), last.hash(), "seq-gap");
    assertThat(e.end(last, Optional.of(lost.envelope())).status()).isEqualTo(200);
    assertRefused(e.post(lost), lost.hash(), "closed");
    assertThat(world.incidents()).isEmpty();
    assertThat(World.outputTokens(world.view(), "reserved")).isEqualTo(330);
  }

  @Test
  void aHeartbeatWhoseGrantWasLostIsRecordedAlreadyAndTheFinalFollowsIt() {
    e.beat(100);
    Signed<Heartbeat> answered = e.signed(e.heartbeat(Owner.out(200)));
    assertThat(e.post(answered).status()).isEqualTo(200); // the reply never arrives
    e.sent(answered);
    Signed<Final> last = Dsse.sign(Statements.FINAL, e.last(Owner.out(250)), e.ik);
    World.Answer closed = e.end(last, Optional.of(answered.envelope()));
    assertThat(closed.status()).as(closed.text()).isEqualTo(200);
    assertThat(World.outputTokens(world.view(), "x")).isZero();
  }

  @Test
  void aGrantOlderThanTheLastTwoIsAGap() {
    Signed<Grant> old = e.grant;
    e.beat(100);
    e.beat(200);
    e.grant = old;
    Signed<Final> last = Dsse.sign(Statements.FINAL, e.last(Owner.out(200)), e.ik);
    assertRefused(e.end(last, Optional.empty()), last.hash(), "seq-gap");
    Signed<Final> withoutGrant = Dsse.sign(Statements.FINAL, e.last(Owner.out(200)), e.ik);
    assertRefused(
        e.end(withoutGrant, Optional.empty(), Optional.empty()), withoutGrant.hash(), "seq-gap");
  }

  @Test
  void useBelowWhatWasReportedIsRefusedAndUseAboveTheAllowanceIsAnOverspend() {
    e.beat(100);
    Signed<Final> less = Dsse.sign(Statements.FINAL, e.last(Owner.out(99)), e.ik);
    assertRefused(e.end(less, Optional.empty()), less.hash(), "malformed");
    Signed<Final> more = Dsse.sign(Statements.FINAL, e.last(Owner.out(2_101)), e.ik);
    assertRefused(e.end(more, Optional.empty()), more.hash(), "overspend");
    assertThat(world.incidents()).contains("overspend");
    Signed<Final> honest = Dsse.sign(Statements.FINAL, e.last(Owner.out(2_100)), e.ik);
    assertThat(e.end(honest, Optional.empty()).status())
        .as("fenced, and closed by it")
        .isEqualTo(200);
  }

  @Test
  void aFencedEnclaveMayStillEnd() {
    world.clock.advance(200_000);
    assertThat(e.post(e.signed(e.heartbeat(Owner.out(5)))).status()).isEqualTo(409);
    assertThat(e.end(Owner.out(7)).status()).isEqualTo(200);
    assertThat(World.outputTokens(world.view(), "x")).isZero();
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(7);
  }

  private void assertRefused(World.Answer answer, Hash answers, String name) {
    Problem p = world.problem(answer, answers);
    assertThat(p.name()).isEqualTo(name);
  }
}
