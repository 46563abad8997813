package dev.leasehold.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every target on its seeds, on what once broke it, and on a mebibyte of garbage. */
@Tag("D17")
class CorpusTest {
  private static final Path ROOT = Path.of(System.getProperty("leasehold.root", ".."));
  private static final int MEBIBYTE = 1 << 20;
  private static final long LIMIT_NANOS = 50_000_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  static List<Target> targets() {
    return Targets.ALL;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void seedsAreWellFormedAndFindingsStayMended(Target target) throws Exception {
    List<byte[]> seeds = target.seeds().make();
    assumeThat(seeds).as("vectors are not here: set leasehold.shared").isNotEmpty();
    assertThat(seeds).filteredOn(target::attempt).isNotEmpty();
    for (byte[] finding : Findings.of(target, ROOT)) {
      target.attempt(finding);
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void noiseIsRefused(Target target) {
    assertThat(target.attempt(noise())).isFalse();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void noMebibyteKeepsAParserBusy(Target target) throws Exception {
    for (byte[] garbage : garbage(target.seeds().make())) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 20 && least >= LIMIT_NANOS; i++) {
        long before = THREADS.getCurrentThreadCpuTime();
        target.attempt(garbage);
        least = Math.min(least, THREADS.getCurrentThreadCpuTime() - before);
      }
      assertThat(least).as("nanoseconds").isLessThan(LIMIT_NANOS);
    }
  }

  private static byte[] noise() {
    byte[] noise = new byte[MEBIBYTE];
    new Random(20_261_123).nextBytes(noise);
    return noise;
  }

  /** Noise, one byte over and over, and a seed that goes on as noise. */
  private static List<byte[]> garbage(List<byte[]> seeds) {
    List<byte[]> out = new ArrayList<>();
    out.add(noise());
    for (char repeated : new char[] {0, 0xff, '[', '"', '<', 0x9f}) {
      byte[] same = new byte[MEBIBYTE];
      Arrays.fill(same, (byte) repeated);
      out.add(same);
    }
    for (byte[] seed : seeds.stream().limit(1).toList()) {
      byte[] continued = noise();
      System.arraycopy(seed, 0, continued, 0, Math.min(seed.length, MEBIBYTE));
      out.add(continued);
    }
    return out;
  }
}
