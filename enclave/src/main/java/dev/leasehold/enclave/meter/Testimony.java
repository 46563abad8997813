package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Heartbeat.ReportedMode;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.meter.Tally.Counts;
import java.util.concurrent.TimeUnit;

/**
 * What the enclave says under its own key: heartbeats, whose use is rounded down (protocol §6.3,
 * §12), and at last a final, whose use is exact (§6.4). When to say it is not decided here.
 */
final class Testimony {
  private static final long NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MONO_QUANTUM_MS = 1_000;

  private final Instance me;
  private final Authority custodian;
  private final Chain chain;
  private final Guard guard;
  private final Tally tally;
  private final long bootNanos;
  private final UseReport report = new UseReport();

  Testimony(
      Instance me, Authority custodian, Chain chain, Guard guard, Tally tally, long bootNanos) {
    this.me = me;
    this.custodian = custodian;
    this.chain = chain;
    this.guard = guard;
    this.tally = tally;
    this.bootNanos = bootNanos;
  }

  /** Little is left of the allowance, and a heartbeat made now would report more use (§6.3). */
  boolean isUrgent(ReportedMode mode) {
    Lease lease = custodian.lease();
    long percent = lease.telemetry().topUpPercent();
    Guard.State state = guard.state();
    return percent > 0
        && UseReport.isLow(state, percent, lease)
        && !used(state, mode, tally.counts()).equals(report.last());
  }

  Signed<Heartbeat> heartbeat(long epoch, long seq, Hash prev, ReportedMode mode, long now) {
    Counts counts = tally.counts();
    Vec used = used(guard.state(), mode, counts);
    report.made(used, counts.ended());
    // A host may turn the clock back beyond the boot; no message has a negative number.
    long monoMs = Math.max(0, now - bootNanos) / NANOS_PER_MS;
    Heartbeat heartbeat =
        new Heartbeat(
            me.leaseId(),
            me.instanceId(),
            epoch,
            me.incarnation(),
            seq,
            prev,
            chain.ack(),
            used,
            mode,
            counts.finished(),
            counts.aborted(),
            counts.denied(),
            counts.lengths(),
            monoMs - monoMs % MONO_QUANTUM_MS,
            custodian.tMin(),
            chain.cseq());
    return Dsse.sign(Statements.HEARTBEAT, heartbeat, me.ik());
  }

  /** To be called when nothing works or charges any more: the use that it tells is the last. */
  Signed<Final> last(long epoch, Final.Reason reason) {
    Counts counts = tally.counts();
    Final last =
        new Final(
            me.leaseId(),
            me.instanceId(),
            epoch,
            me.incarnation(),
            chain.nextSeq(),
            chain.previous(),
            chain.ack(),
            guard.state().charged(),
            reason,
            counts.finished(),
            counts.aborted(),
            counts.denied(),
            chain.cseq(),
            Final.Wiped.YES);
    return Dsse.sign(Statements.FINAL, last, me.ik());
  }

  private Vec used(Guard.State state, ReportedMode mode, Counts counts) {
    return report.preview(state, mode == ReportedMode.RUN, counts.ended(), custodian.lease());
  }
}
