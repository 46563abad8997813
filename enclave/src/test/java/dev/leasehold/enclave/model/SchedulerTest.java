package dev.leasehold.enclave.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.LlmEngine;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rounds of the scheduler, one at a time, over an engine that can be told to fail. */
class SchedulerTest {
  private static final Vec BUDGET = new Vec(1000, 1000, 1000, 1_000_000);
  private static final Tariff TARIFF = new Tariff(new ModelPackage.Flops(0, 0, 1, 1, 0));
  private static final int CHUNK = 10;

  private final Guard guard = new Guard(0);
  private final FakeEngine engine = new FakeEngine();
  private final Scheduler scheduler =
      new Scheduler(
          engine,
          new Metering(
              guard, TARIFF, () -> new LeaseLimits(BUDGET, Duration.ofSeconds(1)), () -> 0));

  @BeforeEach
  void run() {
    guard.renew(Long.MAX_VALUE);
    guard.mode(Mode.RUN);
  }

  @Test
  void aLongPromptIsReadInChunksWhileOthersWrite() throws Exception {
    guard.raise(BUDGET);
    add(1, 100);
    scheduler.round();
    add(25, 1);

    scheduler.round();
    scheduler.round();
    scheduler.round();

    assertThat(engine.log)
        .containsExactly(
            "decode 0",
            "prefill 1: 10",
            "decode 0",
            "prefill 1: 10",
            "decode 0",
            "prefill 1: 4",
            "decode 0 1",
            "forget 1");
    assertThat(guard.state().charged()).isEqualTo(new Vec(0, 26, 5, 31));
  }

  @Test
  void aPromptThatIsNotPaidForIsNotRead() throws Exception {
    guard.raise(new Vec(10, 15, 10, 100));
    RecordingSink sink = add(25, 1);
    scheduler.round();
    scheduler.round();
    assertThat(engine.log).containsExactly("prefill 0: 10");
    assertThat(sink.isDone()).isFalse();

    guard.raise(new Vec(10, 30, 10, 100));
    scheduler.round();
    scheduler.round();

    assertThat(engine.log)
        .containsExactly("prefill 0: 10", "prefill 0: 10", "prefill 0: 4", "decode 0", "forget 0");
    assertThat(sink.await().finish()).isEqualTo(Finish.LENGTH);
  }

  @Test
  void moreThanTheEngineKeepsWait() throws Exception {
    guard.raise(BUDGET);
    for (int i = 0; i < FakeEngine.SEQUENCES + 1; i++) {
      add(1, i == 1 ? 8 : 100);
    }
    IntStream.range(0, 5).forEach(i -> scheduler.round());
    assertThat(engine.log).endsWith("decode 0 1 2 3");
    assertThat(scheduler.live()).isEqualTo(FakeEngine.SEQUENCES + 1);

    IntStream.range(0, 5).forEach(i -> scheduler.round());

    assertThat(scheduler.live()).isEqualTo(FakeEngine.SEQUENCES);
    assertThat(engine.log).contains("forget 1").endsWith("decode 0 2 3 1");
  }

  @Test
  void anEngineThatFailsEndsItsBatchWithAnError() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = add(1, 5);
    engine.failure = new LlmEngine.StepFailed(false, "broken");
    scheduler.round();
    assertThat(sink.await().finish()).isEqualTo(Finish.ERROR);
    assertThat(guard.state().charged().outputTokens()).isEqualTo(1);
  }

  @Test
  void anInterruptedStepEndsItsBatchAsStopped() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = add(1, 5);
    engine.failure = new LlmEngine.StepFailed(true, "interrupted");
    scheduler.round();
    assertThat(sink.await().finish()).isEqualTo(Finish.LEASE_STOPPED);
    assertThat(sink.text()).isEmpty();
  }

  @Test
  void aTokenThatWasMadeWhileTheLeaseStoppedIsNotShown() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = add(1, 5);
    engine.during = () -> guard.mode(Mode.STOP);
    scheduler.round();
    RecordingSink.End end = sink.await();
    assertThat(end.finish()).isEqualTo(Finish.LEASE_STOPPED);
    assertThat(end.text()).isEmpty();
    assertThat(end.usage().outputTokens()).isEqualTo(1);
    assertThat(guard.state().charged().outputTokens()).isEqualTo(1);
  }

  @Test
  void drainingFinishesWhatIsLive() throws Exception {
    guard.raise(BUDGET);
    RecordingSink sink = add(1, 2);
    scheduler.round();
    guard.mode(Mode.DRAIN);
    scheduler.round();
    assertThat(sink.await().finish()).isEqualTo(Finish.LENGTH);
  }

  /** An immediate end of text shows nothing, and cost a step of the engine. */
  @Tag("BH-07")
  @Test
  void theEndTokenIsCharged() throws Exception {
    guard.raise(BUDGET);
    engine.makes = 1;
    for (int request = 1; request <= 10; request++) {
      RecordingSink sink = add(3, 50);
      scheduler.round();
      scheduler.round();
      assertThat(sink.await().text()).isEmpty();
      assertThat(sink.await().finish()).isEqualTo(Finish.STOP);
      assertThat(guard.state().charged())
          .isEqualTo(new Vec(0, 3L * request, request, 4L * request));
    }
  }

  /** Whether somebody asked the same before can be seen neither in the work nor in the price. */
  @Tag("CO-03")
  @Test
  void aPromptSomebodyElseSentIsReadFromItsBeginning() throws Exception {
    guard.raise(BUDGET);
    List<String> first = served(15);
    Vec price = guard.state().charged();
    assertThat(served(15)).isEqualTo(first).contains("prefill 0: 10", "prefill 0: 4");
    assertThat(guard.state().charged()).isEqualTo(price.plus(price));
  }

  private List<String> served(int promptTokens) throws Exception {
    engine.log.clear();
    RecordingSink sink = add(promptTokens, 1);
    for (int i = 0; i < 4 && !sink.isDone(); i++) {
      scheduler.round();
    }
    assertThat(sink.await().finish()).isEqualTo(Finish.LENGTH);
    return List.copyOf(engine.log);
  }

  private RecordingSink add(int promptTokens, int tokens) {
    RecordingSink sink = new RecordingSink();
    GenerateRequest request =
        new GenerateRequest(new Prompt.Text(""), Sampling.GREEDY, tokens, List.of());
    scheduler.add(new Lane(request, new int[promptTokens], sink, 1, Vec.ZERO));
    return sink;
  }

  /** Makes token 0, which spells "a", unless told to make token 1, the end of text. */
  private static final class FakeEngine implements LlmEngine, Vocabulary {
    static final int SEQUENCES = 4;

    private final List<String> log = new ArrayList<>();
    private @Nullable StepFailed failure;
    private Runnable during = () -> {};
    private int makes;

    @Override
    public void prefill(Permit permit, int sequence, int from, int[] tokens) throws StepFailed {
      step(permit, "prefill " + sequence + ": " + tokens.length);
    }

    @Override
    public Logits decode(Permit permit, List<Decode> batch) throws StepFailed {
      StringBuilder what = new StringBuilder("decode");
      batch.forEach(one -> what.append(' ').append(one.sequence()));
      step(permit, what.toString());
      return (index, into) -> into[makes] = 1;
    }

    private void step(Permit permit, String what) throws StepFailed {
      permit.consume();
      log.add(what);
      during.run();
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void forget(int sequence) {
      log.add("forget " + sequence);
    }

    @Override
    public void interrupt(boolean on) {}

    @Override
    public Vocabulary vocabulary() {
      return this;
    }

    @Override
    public int maxSequences() {
      return SEQUENCES;
    }

    @Override
    public int contextLength() {
      return 1000;
    }

    @Override
    public int maxPrefill() {
      return CHUNK;
    }

    @Override
    public long steps() {
      return log.size();
    }

    @Override
    public void close() {}

    @Override
    public int size() {
      return 2;
    }

    @Override
    public int[] tokenize(String text, boolean special) {
      return new int[text.length()];
    }

    @Override
    public byte[] piece(int token) {
      return "a".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean endsText(int token) {
      return token == 1;
    }

    @Override
    public boolean addsBeginning() {
      return false;
    }

    @Override
    public int beginning() {
      return -1;
    }

    @Override
    public String endName() {
      return "";
    }

    @Override
    public @Nullable String chatTemplate() {
      return null;
    }
  }
}
