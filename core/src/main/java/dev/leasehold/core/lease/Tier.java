package dev.leasehold.core.lease;

/**
 * Who could open the machine: A inspected, B sealed appliance, C the borrower's own metal (protocol
 * §6.1).
 */
public enum Tier {
  A,
  B,
  C;

  public boolean atLeast(Tier minimum) {
    return compareTo(minimum) <= 0;
  }
}
