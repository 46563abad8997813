package dev.leasehold.enclave.model.engine;

import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;

/** What work costs (protocol §9.2), by the prices of the package statement. */
public record Tariff(ModelPackage.Flops prices) {
  private static final int KI = 1024;

  /** Charged when a request is admitted; never returned. */
  public Vec admission(long batch) {
    long items = Math.multiplyExact(prices.perBatchItem(), batch);
    return new Vec(1, 0, 0, Math.addExact(prices.perRequest(), items));
  }

  /** Charged before {@code count} prompt tokens from position {@code from} on are processed. */
  public Vec prefill(int from, int count) {
    long megaflops = Math.multiplyExact(prices.perInputToken(), count);
    for (int p = from; p < from + count; p++) {
      megaflops = Math.addExact(megaflops, context(p));
    }
    return new Vec(0, count, 0, megaflops);
  }

  /** Charged before the output token at absolute position {@code position} is made. */
  public Vec decode(int position) {
    return new Vec(0, 0, 1, Math.addExact(prices.perOutputToken(), context(position)));
  }

  /** The dearer attention to what came before, rounded up. */
  private long context(int position) {
    return Math.ceilDiv(Math.multiplyExact(prices.perTokenPerKiContext(), position), KI);
  }
}
