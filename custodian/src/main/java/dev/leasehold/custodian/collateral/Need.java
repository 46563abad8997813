package dev.leasehold.custodian.collateral;

import java.util.Optional;

/**
 * An item that judging some evidence takes.
 *
 * @param required false when it only freshens what is at hand
 * @param shown its issuer, where that is no vendor's to serve and comes with the evidence
 */
record Need(Item.Asked item, boolean required, Optional<Entry.Answer> shown) {
  Need(Item.Asked item, boolean required) {
    this(item, required, Optional.empty());
  }
}
