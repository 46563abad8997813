package dev.leasehold.custodian.collateral;

/** How asking a vendor for one item ended. */
sealed interface Outcome {

  /** It is in the cache, new or confirmed. */
  record Got(Held held) implements Outcome {}

  /**
   * It is not to be had.
   *
   * @param passing true when asking later may help: the vendor was in trouble or answered rubbish
   */
  record Failed(String reason, boolean passing) implements Outcome {}
}
