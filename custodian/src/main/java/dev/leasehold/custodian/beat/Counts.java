package dev.leasehold.custodian.beat;

import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Statements;
import java.util.Collections;
import java.util.List;

/** What a heartbeat counts beside its use; none of it ever decreases. */
record Counts(long finished, long aborted, long denied, List<Long> lengths, long monoMs) {
  static final Counts NONE = new Counts(0, 0, 0, Collections.nCopies(Heartbeat.BUCKETS, 0L), 0);

  static Counts of(Heartbeat h) {
    return new Counts(h.finished(), h.aborted(), h.denied(), h.lengths(), h.monoMs());
  }

  static Counts of(Envelope stored) {
    return of(Statements.HEARTBEAT.decodeStored(stored));
  }

  boolean atMost(Counts later) {
    for (int i = 0; i < lengths.size(); i++) {
      if (lengths.get(i) > later.lengths.get(i)) {
        return false;
      }
    }
    return finished <= later.finished
        && aborted <= later.aborted
        && denied <= later.denied
        && monoMs <= later.monoMs;
  }
}
