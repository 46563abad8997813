package dev.leasehold.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** Tokens per second over several rounds, by the wall clock and by processor time. */
final class Rates {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final double[] wall;
  private final double[] cpu;
  private final long tokens;

  Rates(int rounds, long tokens) {
    wall = new double[rounds];
    cpu = new double[rounds];
    this.tokens = tokens;
  }

  /** Runs one round; a negative one only warms up. */
  <T> T measure(int round, Callable<T> work) throws Exception {
    long cpuStart = cpuNanos();
    long start = System.nanoTime();
    T result = work.call();
    long nanos = System.nanoTime() - start;
    long cpuNanos = cpuNanos() - cpuStart;
    if (round >= 0) {
      wall[round] = tokens * 1e9 / nanos;
      cpu[round] = tokens * 1e9 / cpuNanos;
    }
    return result;
  }

  double wall() {
    return median(wall);
  }

  double cpu() {
    return median(cpu);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Of all Java threads: the compiler and the collector are not among them. */
  private long cpuNanos() {
    return Arrays.stream(threads.getAllThreadIds()).map(threads::getThreadCpuTime).sum();
  }
}
