package dev.leasehold.enclave.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.TestModels;
import dev.leasehold.enclave.model.engine.LlmEngine.Decode;
import dev.leasehold.enclave.model.engine.LlmEngine.StepFailed;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LlamaEngineTest {
  private static final String GOLDEN =
      "Once upon a time, there was a little girl named Lily. She loved to play outside in the"
          + " park. One day, she saw a big, red ball. She wanted to play with it, but it was too"
          + " high.";
  private static final Tariff TARIFF = new Tariff(new ModelPackage.Flops(0, 0, 1, 1, 1024));
  private static final Vec PLENTY = new Vec(1 << 20, 1 << 20, 1 << 20, 1L << 40);

  private final Guard guard = new Guard(0);
  private final ModelMemory weights = TestModels.stories();
  private LlamaEngine engine;

  @BeforeEach
  void open() {
    guard.raise(PLENTY);
    guard.renew(Long.MAX_VALUE);
    guard.mode(Mode.RUN);
    engine =
        LlamaEngine.open(
            Natives.fromSystemProperty(),
            List.of(weights),
            TARIFF,
            new LlamaEngine.Options(3, 0, 1));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void greedyTextIsTheGoldenOne() throws Exception {
    assertThat(greedy("Once upon a time", 60)).startsWith(GOLDEN);
  }

  @Test
  void aPermitThatDoesNotCoverTheStepIsRefusedBeforeTheKernel() throws Exception {
    try (Permit permit = guard.acquire(new Vec(0, 0, 0, 1000), 0)) {
      assertThatThrownBy(() -> engine.decode(permit, List.of(new Decode(0, 1, 0))))
          .hasMessageContaining("does not cover a step that costs")
          .hasMessageContaining("outputTokens=1");
    }
    assertThat(engine.steps()).isZero();
  }

  @Test
  void aPermitWorksOnce() throws Exception {
    try (Permit permit = guard.acquire(new Vec(0, 8, 0, 1000), 0)) {
      engine.prefill(permit, 0, 0, new int[] {1});
      assertThatThrownBy(() -> engine.prefill(permit, 0, 1, new int[] {2}))
          .hasMessageContaining("one piece of work");
    }
    assertThat(engine.steps()).isEqualTo(1);
  }

  @Test
  void anInterruptedEngineStopsInsideTheStep() throws Exception {
    engine.interrupt(true);
    try (Permit permit = guard.acquire(new Vec(0, 8, 0, 1000), 0)) {
      assertThatThrownBy(() -> engine.prefill(permit, 0, 0, new int[] {1}))
          .isInstanceOfSatisfying(StepFailed.class, e -> assertThat(e.interrupted()).isTrue());
    }
    engine.interrupt(false);
    engine.forget(0);
    assertThat(greedy("Once upon a time", 10)).startsWith("Once upon a time, there was");
  }

  @Test
  void wipingTheModelMemoryWipesTheEnginesWeights() throws Exception {
    float[] before = scores();
    weights.wipe();
    float[] after = scores();
    assertThat(before).isNotEqualTo(after);
    assertThat(after).containsOnly(after[0]);
  }

  @Test
  void noFileHoldsTheWeightsAndNobodyElseCanWriteThem() throws IOException {
    assertThat(weights.bytes().asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo("GGUF".getBytes(StandardCharsets.US_ASCII));
    assertThat(Files.readSymbolicLink(weights.path()).toString()).startsWith("/memfd:");
    assertThatThrownBy(() -> Files.write(weights.path(), new byte[4]))
        .isInstanceOf(IOException.class);
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(maps.filter(line -> line.contains("/memfd:model")))
          .isNotEmpty()
          .filteredOn(line -> line.contains(" rw"))
          .hasSize(1);
    }
  }

  @Test
  void aModelThatIsNoGgufIsRefusedAndWiped() {
    ModelMemory junk = ModelMemory.allocate(4096);
    junk.bytes().fill((byte) 'x');
    assertThatThrownBy(() ->
            LlamaEngine.open(
                Natives.fromSystemProperty(),
                List.of(junk),
                TARIFF,
                new LlamaEngine.Options(1, 0, 1)))
        .hasMessageContaining("expected a GGUF model");
    assertThat(Files.exists(junk.path())).isFalse();
  }

  @Test
  void aClosedEngineThrowsAndDoesNotCrash() {
    engine.close();
    assertThatThrownBy(() -> engine.vocabulary().tokenize("a", false))
        .isInstanceOf(IllegalStateException.class);
  }

  private float[] scores() throws Exception {
    engine.forget(0);
    float[] scores = new float[engine.vocabulary().size()];
    try (Permit permit = guard.acquire(TARIFF.decode(1), 0)) {
      engine.decode(permit, List.of(new Decode(0, 1, 0))).copy(0, scores);
    }
    return scores;
  }

  private String greedy(String prompt, int tokens) throws Exception {
    Vocabulary vocabulary = engine.vocabulary();
    int[] text = vocabulary.tokenize(prompt, false);
    int[] read = new int[text.length + 1];
    read[0] = vocabulary.beginning();
    System.arraycopy(text, 0, read, 1, text.length);
    int last = read.length - 1;
    try (Permit permit = guard.acquire(TARIFF.prefill(0, last), 0)) {
      engine.prefill(permit, 0, 0, Arrays.copyOf(read, last));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(prompt.getBytes(StandardCharsets.UTF_8));
    float[] scores = new float[vocabulary.size()];
    int token = read[last];
    for (int i = 0; i < tokens; i++) {
      try (Permit permit = guard.acquire(TARIFF.decode(last + i + 1), 0)) {
        engine.decode(permit, List.of(new Decode(0, token, last + i))).copy(0, scores);
      }
      token = best(scores);
      out.writeBytes(vocabulary.piece(token));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int best(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
