package dev.leasehold.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.lease.Vec;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final Vec TOKEN = new Vec(0, 0, 1, 0);
  private static final long NOW = 1_000;

  private final Guard guard = new Guard(NOW);

  private void run(long allow) {
    guard.raise(new Vec(10, 100, allow, 0));
    guard.renew(NOW + 100);
    guard.mode(Mode.RUN);
  }

  @Test
  void allowsNothingBeforeTheFirstGrant() {
    assertThat(reason(TOKEN, NOW)).isEqualTo(Denied.Reason.MODE);
    assertThat(guard.mayEmit(NOW)).isFalse();
  }

  /** Abuse rows BH-06 and D3: a race for the last tokens. */
  @Tag("BH-06")
  @Tag("D3")
  @Test
  void sixtyFourThreadsGetExactlyTheLastTen() throws Exception {
    run(10);
    AtomicInteger granted = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        pool.execute(() -> {
          try {
            start.await();
            guard.acquire(TOKEN, NOW).close();
            granted.incrementAndGet();
          } catch (Denied | InterruptedException expected) {
            // the other 54
          }
        });
      }
      start.countDown();
    }
    assertThat(granted).hasValue(10);
    assertThat(guard.state().charged()).isEqualTo(new Vec(0, 0, 10, 0));
  }

  @Test
  void whatDoesNotFitIsNotCharged() {
    run(3);
    assertThat(reason(new Vec(0, 0, 4, 0), NOW)).isEqualTo(Denied.Reason.EXHAUSTED);
    assertThat(guard.state().charged()).isEqualTo(Vec.ZERO);
  }

  @Test
  void theDeadlineEndsServiceAndOnlyRenewLiftsIt() {
    run(3);
    assertThat(reason(TOKEN, NOW + 100)).isEqualTo(Denied.Reason.DEADLINE);
    assertThat(guard.mayEmit(NOW + 99)).isTrue();
    assertThat(guard.mayEmit(NOW + 100)).isFalse();
    guard.mode(Mode.HOLD);
    guard.mode(Mode.RUN);
    guard.raise(new Vec(10, 100, 5, 0));
    assertThat(reason(TOKEN, NOW + 100)).isEqualTo(Denied.Reason.DEADLINE);
    guard.renew(NOW + 200);
    assertThat(reason(TOKEN, NOW + 100)).isNull();
  }

  @Test
  void timesAreComparedByDifference() {
    guard.raise(new Vec(1, 1, 1, 0));
    guard.mode(Mode.RUN);
    guard.renew(Long.MIN_VALUE + 5); // nanoTime wrapped around
    assertThat(reason(TOKEN, Long.MAX_VALUE)).isNull();
  }

  @Test
  void drainAdmitsNothingAndFinishesWhatRuns() {
    run(3);
    guard.mode(Mode.DRAIN);
    assertThat(reason(new Vec(1, 0, 0, 0), NOW)).isEqualTo(Denied.Reason.MODE);
    assertThat(reason(TOKEN, NOW)).isNull();
  }

  @Test
  void stopIsForEver() throws Exception {
    run(3);
    Permit permit = guard.acquire(TOKEN, NOW);
    guard.mode(Mode.STOP);
    guard.mode(Mode.RUN);
    run(100);
    assertThat(guard.state().mode()).isEqualTo(Mode.STOP);
    assertThat(reason(TOKEN, NOW)).isEqualTo(Denied.Reason.MODE);
    assertThat(guard.awaitIdle(1, TimeUnit.MILLISECONDS)).isFalse();
    permit.close();
    permit.close();
    assertThat(guard.awaitIdle(1, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void allowanceNeverShrinks() {
    run(10);
    guard.raise(new Vec(1, 1, 2, 0));
    assertThat(guard.state().allow()).isEqualTo(new Vec(10, 100, 10, 0));
  }

  @Test
  void aPermitIsUsedOnce() throws Exception {
    run(3);
    try (Permit permit = guard.acquire(TOKEN, NOW)) {
      assertThat(permit.covers()).isEqualTo(TOKEN);
      permit.consume();
      assertThatThrownBy(permit::consume).isInstanceOf(IllegalStateException.class);
    }
    Permit closed = guard.acquire(TOKEN, NOW);
    closed.close();
    assertThatThrownBy(closed::consume).isInstanceOf(IllegalStateException.class);
  }

  private Denied.Reason reason(Vec need, long now) {
    try {
      guard.acquire(need, now).close();
      return null;
    } catch (Denied d) {
      return d.reason();
    }
  }
}
