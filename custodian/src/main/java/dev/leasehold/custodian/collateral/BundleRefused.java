package dev.leasehold.custodian.collateral;

import java.util.List;

/** A bundle of which something is not proven; nothing of it was taken in. */
public final class BundleRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> reasons;

  BundleRefused(List<String> reasons) {
    super(String.join("; ", reasons));
    this.reasons = List.copyOf(reasons);
  }

  /** Each item that is not proven, and why. */
  public List<String> reasons() {
    return reasons;
  }
}
