package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Tx;

/** How one kind of standing object is registered. */
interface Registration<T extends Record> {
  Kind<T> kind();

  /** Verifies that those signed who must. */
  Signed<T> open(Tx tx, Envelope envelope) throws Malformed, BadSignature, Rejected;

  /** Checks it against what is registered, and puts it in force. Its envelope is stored already. */
  void putInForce(Tx tx, Signed<T> statement) throws Rejected;
}
