package dev.leasehold.enclave.model.engine;

import dev.leasehold.core.lease.Vec;

/**
 * What work costs (protocol §9.2): the {@code flops} member of the package statement, in megaflops.
 *
 * @param perRequest once for each admitted request
 * @param perBatchItem for each item of a tensor request's batch
 * @param perInputToken for each prompt token
 * @param perOutputToken for each generated token
 * @param perTokenPerKiContext for each token and 1 024 positions before it, rounded up
 */
public record Flops(
    long perRequest,
    long perBatchItem,
    long perInputToken,
    long perOutputToken,
    long perTokenPerKiContext) {
  private static final int KI = 1024;

  /** Charged when a request is admitted; never returned. */
  public Vec admission(long batch) {
    return new Vec(1, 0, 0, Math.addExact(perRequest, Math.multiplyExact(perBatchItem, batch)));
  }

  /** Charged before {@code count} prompt tokens from position {@code from} on are processed. */
  public Vec prefill(int from, int count) {
    long megaflops = Math.multiplyExact(perInputToken, count);
    for (int p = from; p < from + count; p++) {
      megaflops = Math.addExact(megaflops, context(p));
    }
    return new Vec(0, count, 0, megaflops);
  }

  /** Charged before one output token is made at absolute position {@code position}. */
  public Vec decode(int position) {
    return new Vec(0, 0, 1, Math.addExact(perOutputToken, context(position)));
  }

  private long context(int position) {
    return Math.ceilDiv(Math.multiplyExact(perTokenPerKiContext, position), KI);
  }
}
