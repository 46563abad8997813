package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.List;
import java.util.Optional;

/**
 * One rule that does not hold.
 *
 * @param statements H of each statement it rests on; whoever shows them shows the finding
 */
public record Finding(
    Rule rule,
    Optional<Id> leaseId,
    Optional<Id> instanceId,
    String expected,
    String found,
    List<Hash> statements) {

  @Override
  public String toString() {
    return rule.code() + ": expected " + expected + ", found " + found;
  }
}
