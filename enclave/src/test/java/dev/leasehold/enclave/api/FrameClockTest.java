package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FrameClockTest {
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(20);

  @Test
  void framesLeaveNoEarlierThanTheirInstantsAndAreNeverMadeUpFor() throws Exception {
    List<Long> taken = new ArrayList<>();
    long start = System.nanoTime();
    new FrameClock(System::nanoTime)
        .send(
            OutputStream.nullOutputStream(),
            new byte[32],
            20,
            () -> {
              long now = System.nanoTime();
              taken.add(now - start);
              return new byte[1];
            },
            () -> taken.size() == 5);

    for (int i = 0; i < taken.size(); i++) {
      assertThat(taken.get(i)).isGreaterThanOrEqualTo((i + 1) * STEP);
    }
  }
}
