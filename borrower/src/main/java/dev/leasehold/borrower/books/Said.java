package dev.leasehold.borrower.books;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;

/**
 * What an enclave of this house said. It was verified before it left ({@link Outgoing}), so books
 * that are rebuilt from the journal need not do so again.
 */
record Said<T extends Record>(Hash hash, T body) {
  static <T extends Record> Said<T> of(Kind<T> kind, Envelope envelope) throws Malformed {
    return new Said<>(envelope.hash(), kind.decode(envelope.payload().toArray()));
  }
}
