package dev.leasehold.custodian.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.custodian.Said;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job that fails goes on, and the log is told that it fails: not how often. */
class RecurringTest {
  private final RuntimeException refused =
      new IllegalStateException(new SQLException("Connection refused.\n  Is it running?"));

  private final AtomicLong nanos = new AtomicLong();
  private final Semaphore turns = new Semaphore(0);
  private final Semaphore done = new Semaphore(0);
  private final AtomicReference<Exception> trouble = new AtomicReference<>();
  private final AtomicBoolean ends = new AtomicBoolean();
  private final Said said = new Said(Recurring.class);
  private final Recurring jobs = new Recurring("test-jobs", nanos::get);

  @AfterEach
  void close() {
    ends.set(true);
    turns.release();
    jobs.close();
    said.close();
  }

  @Test
  void anOutageIsSaidOnceThenEachMinuteAndWhenItIsOver() throws Exception {
    jobs.start("the job", Duration.ZERO, Duration.ofNanos(1), this::turn);
    trouble.set(refused);
    turn(100);
    assertThat(said.lines())
        .containsExactly(
            "WARN the job fails and is tried again: Connection refused. Is it running?");
    assertThat(said.events().getFirst().getThrowableProxy()).as("one line").isNull();

    pass(59);
    turn(10);
    assertThat(said.lines()).hasSize(1);
    pass(1);
    turn(10);
    assertThat(said.lines())
        .hasSize(2)
        .last()
        .isEqualTo("WARN the job still fails, since 60 s: Connection refused. Is it running?");

    pass(30);
    trouble.set(null);
    turn(10);
    assertThat(said.lines()).hasSize(3).last().isEqualTo("INFO the job works again, after 90 s");

    trouble.set(refused);
    turn(10);
    assertThat(said.lines()).as("another outage").hasSize(4);
  }

  @Test
  void aRefusalIsOneLineAndAMistakeOfOursShowsWhereOnce() throws Exception {
    jobs.start("the job", Duration.ZERO, Duration.ofNanos(1), this::turn);
    trouble.set(new Rejected(ProblemType.UNAVAILABLE, "not now"));
    turn(2);
    trouble.set(null);
    turn(2);
    assertThat(said.lines())
        .containsExactly(
            "WARN the job fails and is tried again: not now",
            "INFO the job works again, after 0 s");

    trouble.set(new IllegalStateException("a bug"));
    turn(100);
    assertThat(said.lines()).hasSize(3).last().isEqualTo("ERROR the job fails and is tried again");
    assertThat(said.events().getLast().getThrowableProxy().getMessage()).isEqualTo("a bug");
  }

  @Test
  void eachJobHasItsOwnTrouble() throws Exception {
    CountDownLatch five = new CountDownLatch(5);
    jobs.start("the good one", Duration.ZERO, Duration.ofNanos(1), five::countDown);
    trouble.set(refused);
    jobs.start("the bad one", Duration.ZERO, Duration.ofNanos(1), this::turn);
    turn(50);
    assertThat(five.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(said.lines()).singleElement().asString().contains("the bad one fails");
  }

  @Test
  void closingWaitsForTheTurnThatIsUnderWayAndNoOtherBegins() throws Exception {
    AtomicLong begun = new AtomicLong();
    AtomicLong ended = new AtomicLong();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch outside = new CountDownLatch(1);
    Recurring closed = new Recurring("test-closed", nanos::get);
    closed.start(
        "the job",
        Duration.ZERO,
        Duration.ofNanos(1),
        () -> {
          begun.incrementAndGet();
          inside.countDown();
          await(outside);
          ended.incrementAndGet();
        });
    assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
    Thread closing = Thread.ofPlatform().start(closed::close);
    outside.countDown();
    assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
    assertThat(ended.get()).isEqualTo(begun.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("a turn was interrupted", e);
    }
  }

  /** One turn of the job: begins when the test says so. */
  private void turn() throws Rejected {
    if (ends.get()) {
      return;
    }
    turns.acquireUninterruptibly();
    Exception e = trouble.get();
    done.release();
    if (e instanceof Rejected rejected) {
      throw rejected;
    }
    if (e instanceof RuntimeException unchecked) {
      throw unchecked;
    }
  }

  /** Lets it have so many turns, and waits until the last of them is behind it. */
  private void turn(int times) throws Exception {
    turns.release(times);
    assertThat(done.tryAcquire(times, 20, TimeUnit.SECONDS)).isTrue();
    awaitWaiting();
  }

  /** The job waits for its next turn: whatever it says of the last one is said. */
  private void awaitWaiting() {
    Awaitility.await().until(turns::hasQueuedThreads);
  }

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
