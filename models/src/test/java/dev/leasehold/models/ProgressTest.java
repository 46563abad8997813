package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private Instant now = Instant.EPOCH;

  @Test
  void saysHowFastItGoesAndHowLongItWillTake() {
    StringWriter out = new StringWriter();
    Progress progress = new Progress(new PrintWriter(out), () -> now, 2048);
    now = now.plusSeconds(60);
    for (int step = 1; step <= 20; step++) {
      progress.step(step, 100, step % 2 == 0 ? 3 : 4);
    }

    assertThat(out.toString().strip())
        .isEqualTo("step    20/100  loss 3.500      683 tokens/s  ETA  4.0 min");
  }
}
