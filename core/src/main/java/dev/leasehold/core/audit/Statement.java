package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Signed;
import java.util.Set;

/**
 * One statement of a story.
 *
 * @param hash {@code H(m)}
 * @param signers the keyids on it; verified, but for a final that is read from a log, which does
 *     not hold the keys of enclaves
 */
record Statement<T extends Record>(T body, Hash hash, Set<Hash> signers) {
  static <T extends Record> Statement<T> of(Signed<T> signed) {
    return new Statement<>(signed.body(), signed.hash(), signed.signers());
  }
}
