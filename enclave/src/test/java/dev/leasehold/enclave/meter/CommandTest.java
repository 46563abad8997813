package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signer;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.GrantDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands in any order (protocol §6.4; OS-06, OS-07, OS-08). */
final class CommandTest {

  @Test
  void suspendHoldsAndAnApprovedResumeLifts() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    assertThat(f.worksNow()).isFalse();
    f.push(f.custodian.resume(2, 1));
    assertThat(f.worksNow()).isTrue();
  }

  @Tag("OS-07")
  @Test
  void suspendResumeSuspendEndsSuspendedInEveryOrderOfArrival() throws Exception {
    for (List<Integer> order : permutations(List.of(0, 1, 2))) {
      LoopFixture f = LoopFixture.enrolled();
      List<Bundles.CommandItem> issued =
          List.of(
              f.custodian.command(Command.Type.SUSPEND, 1),
              f.custodian.resume(2, 1),
              f.custodian.command(Command.Type.SUSPEND, 3));
      order.forEach(i -> f.push(issued.get(i)));
      order.forEach(i -> f.push(issued.get(i))); // and all of it replayed
      assertThat(f.worksNow()).as("arrival %s", order).isFalse();
    }
  }

  @Tag("OS-07")
  @Test
  void suspendResumeEndsResumedInEveryOrderOfArrival() throws Exception {
    for (List<Integer> order : permutations(List.of(0, 1, 2, 3))) {
      LoopFixture f = LoopFixture.enrolled();
      List<Bundles.CommandItem> issued =
          List.of(
              f.custodian.command(Command.Type.SUSPEND, 1),
              f.custodian.resume(2, 1),
              f.custodian.command(Command.Type.SUSPEND, 3),
              f.custodian.resume(4, 3));
      order.forEach(i -> f.push(issued.get(i)));
      assertThat(f.worksNow()).as("arrival %s", order).isTrue();
    }
  }

  @Tag("OS-07")
  @Test
  void aSuspensionLearntFromAHoldGrantAloneIsLiftedInTheSameWay() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    GrantDraft hold = f.answer(f.nextHeartbeat());
    hold.mode = Mode.HOLD;
    hold.cseq = 5;
    f.take(hold); // the SUSPEND itself was lost
    GrantDraft run = f.answer(f.nextHeartbeat());
    run.cseq = 6;
    f.take(run);
    assertThat(f.worksNow()).as("a RUN grant alone, as a stolen grant key could sign").isFalse();
    GrantDraft resumed = f.answer(f.nextHeartbeat());
    resumed.cseq = 6;
    f.take(resumed, f.custodian.resume(6, 5));
    assertThat(f.worksNow()).isTrue();
  }

  @Tag("OS-08")
  @Test
  void resumeWithoutAnOrderStaysInHold() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    f.push(f.custodian.command(Command.Type.RESUME, 2));
    assertThat(f.worksNow()).isFalse();
  }

  static Stream<Arguments> badOrders() {
    Approvers p = new Approvers();
    return Stream.of(
        Arguments.of("by an operator", order(b -> {}), p.operator),
        Arguments.of("by the grant key", order(b -> {}), p.grantKey),
        Arguments.of("another action", order(b -> b.action = Order.Action.RECALL), p.approver),
        Arguments.of("another lease", order(b -> b.leaseId = Approvers.id(99)), p.approver),
        Arguments.of(
            "another instance", order(b -> b.target = Target.of(Approvers.id(99))), p.approver),
        Arguments.of("an older stop", order(b -> b.afterCseq = 2), p.approver),
        Arguments.of("expired", order(b -> b.expiresAt = Approvers.NOW - 1), p.approver));
  }

  @Tag("OS-06")
  @ParameterizedTest(name = "{0}")
  @MethodSource("badOrders")
  void anOrderThatDoesNotHoldResumesNothing(String name, Order order, Signer signer)
      throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.SUSPEND, 3));
    Envelope signed = Dsse.sign(Statements.ORDER, order, signer).envelope();
    f.push(f.custodian.command(Command.Type.RESUME, 4, Optional.of(signed)));
    assertThat(f.worksNow()).isFalse();
    f.push(f.custodian.resume(5, 3));
    assertThat(f.worksNow()).as("the right one still works").isTrue();
  }

  @Test
  void anOrderOtherThanTheOneTheCommandNamesResumesNothing() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    Bundles.CommandItem named = f.custodian.resume(2, 1);
    Envelope other = f.custodian.people.sign(order(b -> b.afterCseq = 7));
    f.push(new Bundles.CommandItem(named.command(), Optional.of(other)));
    assertThat(f.worksNow()).isFalse();
  }

  @Tag("OS-06")
  @Test
  void theLeaseVersionOfAnOrderIsNotCompared() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    Envelope order = f.custodian.people.sign(order(b -> b.afterCseq = 1));
    f.push(f.custodian.command(Command.Type.RESUME, 2, Optional.of(order)));
    assertThat(f.worksNow()).isTrue();
  }

  @Test
  void revokeStopsForEver() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.REVOKE, 1));
    assertThat(f.worksNow()).isFalse();
    f.push(f.custodian.resume(2, 1));
    assertThat(f.worksNow()).isFalse();
    assertThat(f.stopped()).isTrue();
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.REVOKED);
  }

  @Test
  void revokeAppliesAlsoWhenOlderThanThisEnclave() throws Exception {
    LoopFixture f = enrolledAt(7);
    f.push(f.custodian.command(Command.Type.REVOKE, 3));
    assertThat(f.stopped()).isTrue();
  }

  @Tag("OS-07")
  @Test
  void otherCommandsFromBeforeThisEnclaveWereSettledThen() throws Exception {
    LoopFixture f = enrolledAt(7);
    f.custodian.epoch = 2;
    f.push(
        f.custodian.command(Command.Type.SUSPEND, 7),
        f.custodian.command(Command.Type.DRAIN, 6),
        f.custodian.command(Command.Type.RECALL, 5),
        f.custodian.command(Command.Type.ROTATE, 4));
    assertThat(f.worksNow()).isTrue();
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Wait.class);
    assertThat(f.loop.view().orElseThrow().rotations()).isEqualTo(7);
  }

  @Test
  void aCommandForAnotherInstanceOrLeaseIsNotMine() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(
        signed(f, Approvers.LEASE_ID, Target.of(Approvers.id(99)), f.custodian.people.grantKey),
        signed(f, Approvers.id(99), Target.ALL, f.custodian.people.grantKey),
        signed(f, Approvers.LEASE_ID, Target.ALL, f.custodian.people.operator));
    assertThat(f.worksNow()).isTrue();
  }

  @Test
  void drainFinishesWhatWasAdmittedThenStops() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.tally.entered();
    f.push(f.custodian.command(Command.Type.DRAIN, 1));
    assertThat(f.worksNow()).as("no admission").isFalse();
    f.work(new dev.leasehold.core.lease.Vec(0, 0, 1, 0));
    assertThat(f.stopped()).isFalse();
    f.tally.finished(1);
    assertThat(f.stopped()).isTrue();
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.DRAINED);
  }

  @Test
  void theBorrowerMayAlwaysStop() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.loop.drain(Final.Reason.BORROWER, f.now);
    assertThat(f.stopped()).isTrue();
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.BORROWER);
  }

  @Test
  void rotateIsDoneOncePerCommand() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.ROTATE, 1));
    f.push(f.custodian.command(Command.Type.ROTATE, 1));
    assertThat(f.loop.view().orElseThrow().rotations()).isEqualTo(1);
  }

  @Tag("TI-04")
  @Test
  void theConsumersClockNeverCounts() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    long before = f.loop.view().orElseThrow().tMin();
    f.custodian.gk = f.custodian.people.operator;
    f.custodian.now += 1_000_000;
    f.push(f.custodian.command(Command.Type.ROTATE, 1));
    assertThat(f.loop.view().orElseThrow().tMin()).isEqualTo(before);
  }

  private static LoopFixture enrolledAt(long cseq) throws Exception {
    LoopFixture f = new LoopFixture();
    f.enrol(grant -> grant.cseq = cseq);
    return f;
  }

  private static Bundles.CommandItem signed(
      LoopFixture f, Id leaseId, Target target, Signer signer) {
    Command revoke =
        new Command(
            leaseId,
            target,
            1,
            Command.Type.REVOKE,
            "test",
            Optional.empty(),
            1,
            1,
            List.of(),
            LogRef.EMPTY,
            f.custodian.now);
    return new Bundles.CommandItem(
        Dsse.sign(Statements.COMMAND, revoke, signer).envelope(), Optional.empty());
  }

  private static final class OrderDraft {
    Order.Action action = Order.Action.RESUME;
    Id leaseId = Approvers.LEASE_ID;
    Target target = Target.ALL;
    long afterCseq = 3;
    long expiresAt = Approvers.NOW;
  }

  private static Order order(java.util.function.Consumer<OrderDraft> bend) {
    OrderDraft d = new OrderDraft();
    bend.accept(d);
    return new Order(
        d.action,
        d.leaseId,
        d.target,
        999,
        d.afterCseq,
        Map.of(),
        "test",
        Nonce.of(new byte[32]),
        Approvers.NOW,
        d.expiresAt,
        List.of());
  }

  private static <T> List<List<T>> permutations(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (T first : items) {
      List<T> rest = new ArrayList<>(items);
      rest.remove(first);
      for (List<T> tail : permutations(rest)) {
        List<T> one = new ArrayList<>();
        one.add(first);
        one.addAll(tail);
        all.add(one);
      }
    }
    return all;
  }
}
