package dev.leasehold.consumer.ask;

import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.consumer.trust.TrustedEnclave;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.stream.Ending;

/**
 * Whether a receipt is the enclave's account of exactly this request and this answer (protocol
 * §11.3).
 *
 * @param keySeq of the key the request was sealed to
 * @param requestHash SHA-256 of the sealed request
 */
record ReceiptCheck(TrustedEnclave enclave, long keySeq, Hash requestHash, Bytes request) {
  private static final String PARAMS_LABEL = "leasehold/1/params";
  private static final String REMEDY =
      "do not use this answer; keep the receipt folder and tell the custodian";

  /** Opens the receipt and compares all of it that a consumer can know. */
  Signed<Receipt> check(Ending.Charged ending, Bytes response) throws CheckFailed {
    Signed<Receipt> signed =
        CheckFailed.opening(
            "receipt",
            REMEDY,
            () ->
                Dsse.open(
                    Statements.RECEIPT,
                    Envelope.parse("receipt", ending.receipt().toArray()),
                    enclave.ik()));
    Receipt r = signed.body();
    EvidenceStatement e = enclave.evidence().body();
    same("leaseId", e.leaseId(), r.leaseId());
    same("instanceId", e.instanceId(), r.instanceId());
    same("keySeq", keySeq, r.keySeq());
    same("package", enclave.modelPackage().hash(), r.modelPackage());
    same("modelDigest", enclave.modelPackage().body().modelDigest(), r.modelDigest());
    same("requestHash", requestHash, r.requestHash());
    same("responseHash", salted(Ending.RESPONSE_LABEL, ending.salt(), response), r.responseHash());
    same("paramsHash", salted(PARAMS_LABEL, ending.salt(), request), r.paramsHash());
    same("epoch", e.epoch(), r.epoch());
    same("incarnation", e.incarnation(), r.incarnation());
    return signed;
  }

  private static Hash salted(String label, Bytes salt, Bytes bytes) {
    return Digests.domain(label, salt.toArray(), bytes.toArray());
  }

  private static void same(String field, Object expected, Object found) throws CheckFailed {
    CheckFailed.requireSame("receipt:" + field, field, expected, found, REMEDY);
  }
}
