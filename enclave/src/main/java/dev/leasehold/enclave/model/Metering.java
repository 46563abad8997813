package dev.leasehold.enclave.model;

import dev.leasehold.core.guard.Guard;
import dev.leasehold.enclave.model.engine.Tariff;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What stands between a request and the engine.
 *
 * @param guard gives permits
 * @param tariff what work costs, from the package statement
 * @param limits of the newest lease statement
 * @param nanoTime the monotonic clock of the guard's deadlines
 */
public record Metering(
    Guard guard, Tariff tariff, Supplier<LeaseLimits> limits, LongSupplier nanoTime) {
  boolean mayEmit() {
    return guard.mayEmit(nanoTime.getAsLong());
  }

  /** Until interrupted: interrupts running work as soon as its result could not be shown. */
  void watch(Runnable interruptWork) {
    try {
      long seen = guard.changes();
      while (!Thread.currentThread().isInterrupted()) {
        boolean may = mayEmit();
        if (!may) {
          interruptWork.run();
        }
        long left = guard.state().deadlineNanos() - nanoTime.getAsLong();
        seen = guard.awaitChange(seen, may ? left : Long.MAX_VALUE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
