package dev.leasehold.enclave.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.llama.LlamaEngine;
import dev.leasehold.enclave.testing.Scale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LlmServiceTest {
  private static final String GOLDEN =
      "Once upon a time, there was a little girl named Lily. She loved to play outside in the"
          + " park. One day, she saw a big, red ball. She wanted to play with it, but it was too"
          + " high.";
  private static final String START = "Once upon a time";
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Vec BUDGET = new Vec(1_000_000, 1_000_000, 1_000_000, 1_000_000_000);
  private static final Tariff TARIFF = new Tariff(new ModelPackage.Flops(7, 3, 2, 5, 100));
  private static final int SEQUENCES = 8;

  private final AtomicLong clock = new AtomicLong();
  private final Guard guard = new Guard(0);
  private LlmService service;

  @BeforeEach
  void open() {
    guard.renew(Duration.ofHours(1).toNanos());
    guard.mode(Mode.RUN);
    Metering metering =
        new Metering(guard, TARIFF, () -> new LeaseLimits(BUDGET, HEARTBEAT), clock::get);
    service =
        LlmService.open(
            Natives.fromSystemProperty(),
            List.of(TestModels.stories()),
            new LlamaEngine.Options(SEQUENCES, 0, 1),
            metering,
            () -> 1);
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void writesTheGoldenTextAndChargesExactlyWhatItTook() throws Exception {
    guard.raise(BUDGET);

    RecordingSink.End end = submit(START, 60).await();

    assertThat(START + end.text()).startsWith(GOLDEN);
    assertThat(end.finish()).isEqualTo(Finish.LENGTH);
    assertThat(end.usage()).isEqualTo(new Usage(promptTokens(), 60));
    assertThat(end.charged()).isEqualTo(cost(promptTokens(), 60));
    assertThat(guard.state().charged()).isEqualTo(end.charged());
  }

  @Test
  void sequencesTogetherWriteWhatEachWritesAlone() throws Exception {
    guard.raise(BUDGET);
    List<String> starts = List.of(START, "Tom had a dog. The", "The sun was hot and");
    List<String> alone = new ArrayList<>();
    for (String start : starts) {
      alone.add(submit(start, 80).await().text());
    }

    List<RecordingSink> together = new ArrayList<>();
    for (String start : starts) {
      together.add(submit(start, 80));
    }

    for (int i = 0; i < starts.size(); i++) {
      assertThat(together.get(i).await().text()).isEqualTo(alone.get(i));
    }
  }

  @Test
  void aBudgetThatEndsInMidTextEndsItAfterExactlySoManyTokens() throws Exception {
    guard.raise(outputTokens(17));
    guard.raise(outputTokens(17));

    RecordingSink.End end = submit(START, 60).await();

    assertThat(end.finish()).isEqualTo(Finish.LEASE_EXHAUSTED);
    assertThat(end.usage().outputTokens()).isEqualTo(17);
    assertThat(guard.state().charged().outputTokens()).isEqualTo(17);
    assertThat(end.text()).isNotEmpty();
  }

  @Tag("BH-06")
  @Tag("D3")
  @Test
  void manyThreadsRacingForTheLastTenTokensGetTen() throws Exception {
    guard.raise(outputTokens(10));
    guard.raise(outputTokens(10));
    CountDownLatch start = new CountDownLatch(1);
    AtomicInteger made = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  start.await();
                  RecordingSink.End end = submit(START, 5).await();
                  made.addAndGet(end.usage().outputTokens());
                  served.incrementAndGet();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(served).hasValue(64);
    assertThat(made).hasValue(10);
    assertThat(guard.state().charged().outputTokens()).isEqualTo(10);
    assertThat(guard.state().charged().requests()).isEqualTo(64);
  }

  @Tag("BH-07")
  @Test
  void tinyRequestsAreCountedOneByOneUntilTheBudgetOfRequestsIsGone() throws Exception {
    int requests = Scale.of(1_000_000, 200);
    Vec budget = new Vec(requests, 2L * requests, 2L * requests, BUDGET.megaflops());
    guard.raise(budget);
    guard.raise(budget);
    for (int i = 1; i <= requests; i++) {
      RecordingSink.End end = submit("", 1).await();
      assertThat(end.usage().promptTokens()).as("even an empty prompt has a token").isPositive();
      assertThat(guard.state().charged().requests()).isEqualTo(i);
    }
    assertThat(guard.state().charged().outputTokens()).isEqualTo(requests);
    assertThat(guard.state().charged().inputTokens()).isGreaterThanOrEqualTo(requests);
    assertThatThrownBy(() -> submit("", 1))
        .isInstanceOfSatisfying(
            Denied.class, d -> assertThat(d.reason()).isEqualTo(Denied.Reason.EXHAUSTED));
  }

  @Test
  void aStopInMidTextEndsItAndNothingMoreIsShownOrComputed() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = new RecordingSink();
    AtomicInteger shown = new AtomicInteger();
    sink.onText(() -> {
      if (shown.incrementAndGet() == 20) {
        guard.mode(Mode.STOP);
      }
    });

    service.submit(request(START, 400), sink);
    RecordingSink.End end = sink.await();

    assertThat(end.finish()).isEqualTo(Finish.LEASE_STOPPED);
    assertThat(shown).hasValue(20);
    long steps = service.engineSteps();
    assertThatThrownBy(() -> submit(START, 1))
        .isInstanceOfSatisfying(
            Denied.class, d -> assertThat(d.reason()).isEqualTo(Denied.Reason.MODE));
    assertThat(service.engineSteps()).isEqualTo(steps);
    assertThat(guard.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTokenMadeWhenTheDeadlinePassedStaysChargedAndUnseen() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = new RecordingSink();
    sink.onText(() -> clock.set(Duration.ofHours(1).toNanos()));

    service.submit(request(START, 400), sink);
    RecordingSink.End end = sink.await();

    assertThat(end.finish()).isEqualTo(Finish.LEASE_STOPPED);
    assertThat(end.charged()).isEqualTo(guard.state().charged());
    assertThatThrownBy(() -> submit(START, 1))
        .isInstanceOfSatisfying(
            Denied.class, d -> assertThat(d.reason()).isEqualTo(Denied.Reason.DEADLINE));
  }

  @Tag("BH-05")
  @Tag("D1")
  @Test
  void withoutAllowanceTheEngineTakesNoStep() {
    assertThatThrownBy(() -> submit(START, 1))
        .isInstanceOfSatisfying(
            Denied.class, d -> assertThat(d.reason()).isEqualTo(Denied.Reason.EXHAUSTED));
    assertThat(service.engineSteps()).isZero();
    assertThat(service.liveSequences()).isZero();
  }

  @Test
  void inHoldTheEngineTakesNoStep() {
    guard.raise(BUDGET);
    guard.mode(Mode.HOLD);
    assertThatThrownBy(() -> submit(START, 1)).isInstanceOf(Denied.class);
    assertThat(service.engineSteps()).isZero();
    assertThat(guard.state().charged()).isEqualTo(Vec.ZERO);
  }

  @Test
  void aSequenceWithoutAllowanceWaitsForTheNextGrantAndGoesOn() throws Exception {
    guard.raise(outputTokens(10));

    RecordingSink sink = submit(START, 30);
    await().until(() -> guard.state().left().outputTokens() == 0);
    long steps = awaitQuiet();
    assertThat(sink.isDone()).isFalse();
    guard.raise(outputTokens(1000));
    RecordingSink.End end = sink.await();

    assertThat(steps).isEqualTo(11);
    assertThat(end.finish()).isEqualTo(Finish.LENGTH);
    assertThat(end.usage().outputTokens()).isEqualTo(30);
    assertThat(START + end.text()).isEqualTo(GOLDEN.substring(0, (START + end.text()).length()));
  }

  @Tag("BH-04")
  @Test
  void aParkedSequenceEndsWhenTwoHeartbeatsBroughtNothing() throws Exception {
    guard.raise(outputTokens(10));

    RecordingSink sink = submit(START, 30);
    await().until(() -> guard.state().left().outputTokens() == 0);
    awaitQuiet();
    assertThat(sink.isDone()).isFalse();
    clock.addAndGet(2 * HEARTBEAT.toNanos());

    assertThat(sink.await().finish()).isEqualTo(Finish.LEASE_EXHAUSTED);
  }

  @Test
  void aGrantThatRaisesNothingEndsParkedSequencesAtOnce() throws Exception {
    guard.raise(outputTokens(10));

    RecordingSink sink = submit(START, 30);
    await().until(() -> guard.state().left().outputTokens() == 0);
    guard.raise(outputTokens(10));

    assertThat(sink.await().finish()).isEqualTo(Finish.LEASE_EXHAUSTED);
  }

  @Test
  void theOldestSequenceGoesOnWhenTheAllowanceCoversOnlyOne() throws Exception {
    guard.raise(outputTokens(1));
    RecordingSink old = submit(START, 2);
    RecordingSink young = submit(START, 2);
    await().until(() -> guard.state().left().outputTokens() == 0);
    awaitQuiet();

    guard.raise(outputTokens(2));

    assertThat(old.await().finish()).isEqualTo(Finish.LENGTH);
    awaitQuiet();
    assertThat(young.isDone()).isFalse();
    assertThat(young.text()).isEmpty();
  }

  @Test
  void aCancelledSequenceCostsNothingMore() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = new RecordingSink();
    sink.onText(() -> sink.cancelled = true);

    service.submit(request(START, 400), sink);
    RecordingSink.End end = sink.await();

    assertThat(end.finish()).isEqualTo(Finish.CANCELLED);
    assertThat(end.usage().outputTokens()).isEqualTo(1);
    assertThat(guard.state().charged()).isEqualTo(cost(promptTokens(), 1));
  }

  @Test
  void aClientThatIsNotReadyPausesItsSequenceAtNoCost() throws Exception {
    guard.raise(BUDGET);
    RecordingSink slow = new RecordingSink();
    slow.onText(() -> slow.ready = false);
    service.submit(request(START, 3), slow);
    await().until(() -> !slow.ready);
    awaitQuiet();
    assertThat(guard.state().charged().outputTokens()).isEqualTo(1);

    assertThat(submit("Tom", 5).await().usage().outputTokens()).isEqualTo(5);
    slow.onText(() -> {});
    slow.ready = true;

    assertThat(slow.await().usage().outputTokens()).isEqualTo(3);
  }

  @Test
  void aStopStringEndsTheTextBeforeIt() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = new RecordingSink();
    service.submit(
        new GenerateRequest(new Prompt.Text(START), Sampling.GREEDY, 100, List.of("She loved")),
        sink);

    RecordingSink.End end = sink.await();

    assertThat(end.finish()).isEqualTo(Finish.STOP);
    assertThat(end.text()).isEqualTo(", there was a little girl named Lily. ");
  }

  @Test
  void theContextLimitEndsTheText() throws Exception {
    guard.raise(BUDGET);
    RecordingSink.End end = submit(START, 100_000).await();
    assertThat(end.finish()).isIn(Finish.LENGTH, Finish.STOP);
    assertThat(end.usage().promptTokens() + end.usage().outputTokens())
        .isLessThanOrEqualTo(service.contextLength());
  }

  @Test
  void aPromptThatCannotFitIsRejectedBeforeAnyCharge() {
    guard.raise(BUDGET);
    assertThatThrownBy(() -> submit("word ".repeat(600), 1))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("expected fewer than 512 tokens");
    assertThat(guard.state().charged()).isEqualTo(Vec.ZERO);
  }

  @Test
  void theSameSeedWritesTheSameText() throws Exception {
    guard.raise(BUDGET);
    String first = sampled(7).await().text();
    assertThat(sampled(7).await().text()).isEqualTo(first);
    assertThat(sampled(8).await().text()).isNotEqualTo(first);
  }

  @Test
  void closingEndsWhatIsLive() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = new RecordingSink();
    sink.onText(() -> sink.ready = false);
    service.submit(request(START, 400), sink);
    await().until(() -> !sink.ready);

    service.close();

    assertThat(sink.await().finish()).isEqualTo(Finish.LEASE_STOPPED);
    assertThatThrownBy(() -> submit(START, 1)).isInstanceOf(Rejected.class);
  }

  private RecordingSink submit(String start, int tokens) throws Denied, Rejected {
    RecordingSink sink = new RecordingSink();
    service.submit(request(start, tokens), sink);
    return sink;
  }

  private RecordingSink sampled(long seed) throws Denied, Rejected {
    RecordingSink sink = new RecordingSink();
    Sampling sampling = Sampling.at(1, 0.9f, OptionalLong.of(seed));
    service.submit(new GenerateRequest(new Prompt.Text(START), sampling, 60, List.of()), sink);
    return sink;
  }

  private static GenerateRequest request(String start, int tokens) {
    return new GenerateRequest(new Prompt.Text(start), Sampling.GREEDY, tokens, List.of());
  }

  private static Vec outputTokens(long n) {
    return new Vec(BUDGET.requests(), BUDGET.inputTokens(), n, BUDGET.megaflops());
  }

  private static int promptTokens() {
    return 5;
  }

  private static Vec cost(int prompt, int output) {
    Vec cost = TARIFF.admission(1).plus(TARIFF.prefill(0, prompt));
    for (int i = 0; i < output; i++) {
      cost = cost.plus(TARIFF.decode(prompt + i));
    }
    return cost;
  }

  /** Waits until the step count has not moved for several polls; returns it. */
  private long awaitQuiet() {
    AtomicLong last = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> last.getAndSet(service.engineSteps()) == service.engineSteps());
    return service.engineSteps();
  }
}
