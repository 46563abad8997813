package dev.leasehold.enclave.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SamplerTest {
  /** Probabilities 0.5, 0.25, 0.125, 0.125 at temperature 1. */
  private static final float[] SCORES = {
    (float) Math.log(4), (float) Math.log(2), (float) Math.log(1), (float) Math.log(1)
  };

  private static final int DRAWS = 20_000;
  private static final OptionalLong NONE = OptionalLong.empty();

  @Test
  void temperatureZeroTakesTheBest() {
    assertThat(shares(Sampling.GREEDY)).containsExactly(1, 0, 0, 0);
  }

  @Test
  void temperatureOneDrawsByProbability() {
    near(shares(Sampling.at(1, 1, NONE)), 0.5, 0.25, 0.125, 0.125);
  }

  @Test
  void temperatureSharpens() {
    near(shares(Sampling.at(0.5f, 1, NONE)), 16 / 22.0, 4 / 22.0, 1 / 22.0, 1 / 22.0);
  }

  @Test
  void topKKeepsTheBest() {
    near(shares(new Sampling(1, 2, 1, 0, 1, 0, 0, NONE)), 2 / 3.0, 1 / 3.0, 0, 0);
  }

  @Test
  void topPKeepsTheFewestThatReachTheShare() {
    near(shares(Sampling.at(1, 0.6f, NONE)), 2 / 3.0, 1 / 3.0, 0, 0);
    near(shares(Sampling.at(1, 0.4f, NONE)), 1, 0, 0, 0);
  }

  @Test
  void minPKeepsWhatIsLikelyNextToTheBest() {
    near(shares(new Sampling(1, 0, 1, 0.4f, 1, 0, 0, NONE)), 2 / 3.0, 1 / 3.0, 0, 0);
  }

  @Test
  void penaltiesTurnAwayFromWhatIsThere() {
    int[] prompt = {0};
    assertThat(new Sampler(penalty(3, 0, 0), prompt, 1).next(SCORES.clone())).isEqualTo(1);
    Sampler frequency = new Sampler(penalty(1, 0.5f, 0), prompt, 1);
    assertThat(frequency.next(SCORES.clone())).isZero();
    assertThat(frequency.next(SCORES.clone())).isZero();
    assertThat(frequency.next(SCORES.clone())).isEqualTo(1);
    Sampler presence = new Sampler(penalty(1, 0, 1), prompt, 1);
    assertThat(presence.next(SCORES.clone())).isZero();
    assertThat(presence.next(SCORES.clone())).isEqualTo(1);
  }

  @Test
  void valuesOutOfRangeAreRefusedByName() {
    assertThatThrownBy(() -> Sampling.at(-1, 1, NONE)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> Sampling.at(1, 0, NONE)).hasMessageContaining("topP");
    assertThatThrownBy(() -> Sampling.at(Float.NaN, 1, NONE)).hasMessageContaining("temperature");
  }

  private static Sampling penalty(float repetition, float frequency, float presence) {
    return new Sampling(0, 0, 1, 0, repetition, frequency, presence, NONE);
  }

  private static double[] shares(Sampling sampling) {
    Sampler sampler = new Sampler(sampling, new int[0], 42);
    double[] shares = new double[SCORES.length];
    for (int i = 0; i < DRAWS; i++) {
      shares[sampler.next(SCORES.clone())] += 1.0 / DRAWS;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.round(shares[i] * DRAWS) / (double) DRAWS;
    }
    return shares;
  }

  private static void near(double[] shares, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(shares[i]).isCloseTo(expected[i], within(0.015));
    }
  }
}
