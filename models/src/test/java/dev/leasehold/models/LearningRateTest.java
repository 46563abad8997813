package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  private final LearningRate rate = new LearningRate(1, 0.1f, 10, 110);

  @Test
  void risesInAStraightLine() {
    assertThat(rate.at(1)).isCloseTo(0.1f, within(1e-6f));
    assertThat(rate.at(10)).isEqualTo(1);
  }

  @Test
  void fallsAlongACosineToTheFloor() {
    assertThat(rate.at(60)).isCloseTo(0.55f, within(1e-6f));
    assertThat(rate.at(110)).isCloseTo(0.1f, within(1e-6f));
  }
}
