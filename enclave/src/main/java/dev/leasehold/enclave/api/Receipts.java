package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.ResponseWriter;
import dev.leasehold.core.stream.SealedRequest;
import dev.leasehold.enclave.meter.Instance;
import dev.leasehold.enclave.meter.View;
import dev.leasehold.enclave.model.Finish;

/** Signs the receipts of this boot, each naming the one before (protocol §11.3). */
public final class Receipts {
  private static final String PARAMS_LABEL = "leasehold/1/params";

  private final ServedLease lease;
  private Hash previous;

  /** Receipts of a boot that has signed none yet. */
  public Receipts(ServedLease lease) {
    this.lease = lease;
    this.previous = lease.me().evidence();
  }

  /**
   * What a receipt says of the request.
   *
   * @param keySeq of the key it was sealed to
   * @param sealed as it came
   * @param request what was inside
   */
  public record Subject(long keySeq, SealedRequest sealed, InferRequest request) {}

  /**
   * The receipt of an answer.
   *
   * @param answer its {@code responseHash} covers all that was or will be sent
   * @param charged for this request, its admission included
   */
  public synchronized Envelope sign(Subject of, ResponseWriter answer, Vec charged, Finish finish) {
    Instance me = lease.me();
    View view = lease.view();
    Lease terms = view.terms().lease().body();
    Signed<Receipt> receipt =
        Dsse.sign(
            Statements.RECEIPT,
            new Receipt(
                me.leaseId(),
                me.instanceId(),
                of.keySeq,
                terms.modelPackage(),
                view.terms().modelPackage().body().modelDigest(),
                of.sealed.hash(),
                answer.responseHash(),
                Digests.domain(PARAMS_LABEL, answer.salt().toArray(), of.request.body().toArray()),
                charged,
                finish(finish),
                view.grant(),
                previous,
                view.tMin(),
                view.epoch(),
                me.incarnation()),
            me.ik());
    previous = receipt.hash();
    return receipt.envelope();
  }

  private static Receipt.Finish finish(Finish finish) {
    return switch (finish) {
      case STOP -> Receipt.Finish.STOP;
      case LENGTH -> Receipt.Finish.LENGTH;
      case LEASE_EXHAUSTED -> Receipt.Finish.LEASE_EXHAUSTED;
      case LEASE_STOPPED -> Receipt.Finish.LEASE_STOPPED;
      case ERROR -> Receipt.Finish.ERROR;
      case CANCELLED -> Receipt.Finish.CANCELLED;
    };
  }
}
