package dev.leasehold.enclave.testing;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.dsse.Signer;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;

/** A grant that a test bends before it is signed. */
public final class GrantDraft {
  public Id leaseId;
  public Id instanceId;
  public Hash ik;
  public long epoch;
  public long incarnation;
  public long seq;
  public Hash hb;
  public Hash prev;
  public Vec used = Vec.ZERO;
  public Vec allow;
  public Mode mode = Mode.RUN;
  public long ttlMs;
  public long heartbeatMs;
  public long cseq;
  public long issuedAt;

  GrantDraft(Id leaseId, Id instanceId, Hash ik, Hash hb, Hash prev, Vec allow) {
    this.leaseId = leaseId;
    this.instanceId = instanceId;
    this.ik = ik;
    this.hb = hb;
    this.prev = prev;
    this.allow = allow;
  }

  public Signed<Grant> sign(Signer by) {
    return Dsse.sign(
        Statements.GRANT,
        new Grant(
            leaseId,
            instanceId,
            ik,
            epoch,
            incarnation,
            seq,
            hb,
            prev,
            used,
            allow,
            mode,
            ttlMs,
            heartbeatMs,
            cseq,
            LogRef.EMPTY,
            issuedAt),
        by);
  }
}
