package dev.leasehold.enclave.life;

import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.lease.Final;
import dev.leasehold.enclave.api.ServedLease;
import dev.leasehold.enclave.meter.Instance;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.meter.View;
import java.util.function.LongSupplier;

/** The lease of one boot as the API sees it. */
record Serving(LeaseLoop loop, Guard guard, Tally tally, LongSupplier nanoTime)
    implements ServedLease {

  @Override
  public Instance me() {
    return loop.me();
  }

  @Override
  public View view() {
    return loop.view().orElseThrow(() -> new IllegalStateException("grant 0 is not accepted"));
  }

  @Override
  public boolean mayEmit() {
    return guard.mayEmit(nanoTime.getAsLong());
  }

  @Override
  public void drain() {
    loop.drain(Final.Reason.BORROWER, nanoTime.getAsLong());
  }
}
