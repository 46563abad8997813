package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.Bytes;
import java.util.Optional;

/** What an answer ends with (protocol §11.3). */
public sealed interface Ending {

  /** {@code D("leasehold/1/response", salt ‖ API bytes)} is in the receipt. */
  String RESPONSE_LABEL = "leasehold/1/response";

  /**
   * Work was done and charged.
   *
   * @param error what stopped it, as error JSON, if something did
   * @param salt 32 bytes for {@code responseHash} and {@code paramsHash}
   * @param receipt E(receipt)
   * @param staple E(staple)
   */
  record Charged(Optional<Bytes> error, Bytes salt, Bytes receipt, Bytes staple)
      implements Ending {}

  /** Refused before any charge. */
  record Refused(Bytes error) implements Ending {}
}
