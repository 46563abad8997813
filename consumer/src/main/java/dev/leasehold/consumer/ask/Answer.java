package dev.leasehold.consumer.ask;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Receipt;
import java.util.Optional;

/** An answer whose stream, staple and receipt were checked. */
public sealed interface Answer {

  /**
   * Work was done and charged.
   *
   * @param body all API bytes, as the receipt's {@code responseHash} covers them
   * @param error error JSON of the enclave, when something cut the answer short
   */
  record Charged(Bytes body, Signed<Receipt> receipt, Optional<Bytes> error) implements Answer {}

  /** The enclave refused before any charge, with this error JSON. */
  record Refused(Bytes error) implements Answer {}
}
