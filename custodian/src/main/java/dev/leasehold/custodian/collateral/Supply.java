package dev.leasehold.custodian.collateral;

import dev.leasehold.core.evidence.Collateral;
import java.util.List;
import java.util.stream.Stream;

/**
 * What there is to judge evidence with.
 *
 * @param awaited what is needed and was not to be had just now, each with the reason; a vendor that
 *     knows no such thing is not waited for
 */
public record Supply(Collateral collateral, List<String> awaited) {
  public Supply {
    awaited = List.copyOf(awaited);
  }

  /** The same, and of what else is awaited. */
  Supply awaitingToo(List<String> others) {
    return new Supply(collateral, Stream.concat(others.stream(), awaited.stream()).toList());
  }
}
