package dev.leasehold.enclave.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.TensorData;
import dev.leasehold.enclave.model.engine.TensorEngine.Slot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OnnxServiceTest {
  private static final int PIXELS = 784;
  private static final int DIGITS = 200;
  private static final Vec BUDGET = new Vec(1_000_000, 0, 0, 1_000_000_000);
  private static final Tariff TARIFF = new Tariff(new ModelPackage.Flops(7, 3, 0, 0, 0));

  private final AtomicLong clock = new AtomicLong();
  private final Guard guard = new Guard(0);
  private OnnxService service;

  @BeforeEach
  void open() {
    guard.renew(Duration.ofHours(1).toNanos());
    guard.mode(Mode.RUN);
    service =
        OnnxService.open(
            Natives.fromSystemProperty(),
            TestModels.digits(),
            1,
            new Metering(
                guard, TARIFF, () -> new LeaseLimits(BUDGET, Duration.ofSeconds(15)), clock::get));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void recognisesTheDigitsAndChargesTheBatch() throws Exception {
    guard.raise(BUDGET);
    byte[] holdout = TestModels.read("models/mnist-mlp/holdout-200.bin");
    float[] pixels = new float[DIGITS * PIXELS];
    for (int i = 0; i < DIGITS; i++) {
      for (int p = 0; p < PIXELS; p++) {
        pixels[i * PIXELS + p] = (holdout[i * (PIXELS + 1) + 1 + p] & 0xff) / 255f;
      }
    }

    OnnxService.Result result = service.infer(List.of(TensorData.of("x", pixels, DIGITS, PIXELS)));

    assertThat(result.finish()).isEqualTo(Finish.STOP);
    assertThat(result.charged()).isEqualTo(new Vec(1, 0, 0, 7 + 3 * DIGITS));
    assertThat(guard.state().charged()).isEqualTo(result.charged());
    TensorData output = result.outputs().getFirst();
    assertThat(output.shape()).containsExactly((long) DIGITS, 10L);
    assertThat(right(holdout, output.floats())).isEqualTo(191);
  }

  @Test
  void tellsWhatTheModelTakesAndGives() {
    assertThat(service.inputs())
        .containsExactly(new Slot("x", TensorData.Type.FP32, List.of(-1L, 784L)));
    assertThat(service.outputs())
        .containsExactly(new Slot("probabilities", TensorData.Type.FP32, List.of(-1L, 10L)));
  }

  @Tag("BH-05")
  @Tag("D1")
  @Test
  void withoutAllowanceTheEngineDoesNotRun() {
    guard.raise(new Vec(1, 0, 0, 9));
    assertThatThrownBy(() -> service.infer(one()))
        .isInstanceOfSatisfying(
            Denied.class, d -> assertThat(d.reason()).isEqualTo(Denied.Reason.EXHAUSTED));
    assertThat(service.engineRuns()).isZero();
  }

  @Test
  void afterAStopTheEngineDoesNotRun() {
    guard.raise(BUDGET);
    guard.mode(Mode.STOP);
    assertThatThrownBy(() -> service.infer(one())).isInstanceOf(Denied.class);
    assertThat(service.engineRuns()).isZero();
    assertThat(guard.state().charged()).isEqualTo(Vec.ZERO);
  }

  @Test
  void aDeadlineThatPassesDuringTheRunWithholdsTheResult() throws Exception {
    guard.raise(BUDGET);
    AtomicLong asked = new AtomicLong();
    try (OnnxService late =
        OnnxService.open(
            Natives.fromSystemProperty(),
            TestModels.digits(),
            1,
            new Metering(
                guard,
                TARIFF,
                () -> new LeaseLimits(BUDGET, Duration.ofSeconds(15)),
                () -> asked.incrementAndGet() > 4 ? Duration.ofHours(2).toNanos() : 0))) {
      OnnxService.Result result = late.infer(one());
      assertThat(result.finish()).isEqualTo(Finish.LEASE_STOPPED);
      assertThat(result.outputs()).isEmpty();
      assertThat(result.charged()).isEqualTo(new Vec(1, 0, 0, 10));
    }
  }

  @Test
  void tensorsThatDoNotFitAreRejectedByNameBeforeAnyCharge() {
    guard.raise(BUDGET);
    rejected(List.of(), "tensor x: expected FP32[-1, 784], found none");
    rejected(List.of(TensorData.of("x", new float[10], 1, 10)), "found FP32[1, 10]");
    rejected(List.of(TensorData.of("x", new long[PIXELS], 1, PIXELS)), "found INT64[1, 784]");
    rejected(
        List.of(one().getFirst(), TensorData.of("y", new float[1], 1)), "only the model's inputs");
    rejected(List.of(one().getFirst(), one().getFirst()), "given twice");
    assertThat(guard.state().charged()).isEqualTo(Vec.ZERO);
  }

  private void rejected(List<TensorData> inputs, String message) {
    assertThatThrownBy(() -> service.infer(inputs))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining(message);
  }

  private static List<TensorData> one() {
    return List.of(TensorData.of("x", new float[PIXELS], 1, PIXELS));
  }

  private static int right(byte[] holdout, float[] probabilities) {
    int right = 0;
    for (int i = 0; i < DIGITS; i++) {
      int best = 0;
      for (int d = 1; d < 10; d++) {
        best = probabilities[i * 10 + d] > probabilities[i * 10 + best] ? d : best;
      }
      right += best == holdout[i * (PIXELS + 1)] ? 1 : 0;
    }
    return right;
  }
}
