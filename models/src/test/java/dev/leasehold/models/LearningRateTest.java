package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  private final LearningRate rate = new LearningRate(1, 10, 100);

  @Test
  void risesStaysAndFalls() {
    assertThat(rate.at(1)).isCloseTo(0.1f, within(1e-6f));
    assertThat(rate.at(10)).isEqualTo(1);
    assertThat(rate.at(80)).isEqualTo(1);
    assertThat(rate.at(90)).isCloseTo(0.51f, within(1e-6f));
    assertThat(rate.at(100)).isCloseTo(0.02f, within(1e-6f));
  }

  @Test
  void endsEarlyWithoutChangingThePast() {
    LearningRate early = rate.fallingAfter(40);

    assertThat(early).isEqualTo(new LearningRate(1, 10, 50));
    assertThat(IntStream.rangeClosed(1, 40))
        .allSatisfy(step -> assertThat(early.at(step)).isEqualTo(rate.at(step)));
    assertThat(early.at(50)).isCloseTo(0.02f, within(1e-6f));
  }

  @Test
  void neverEndsLaterThanItWouldHave() {
    assertThat(rate.fallingAfter(96)).isEqualTo(rate);
  }
}
