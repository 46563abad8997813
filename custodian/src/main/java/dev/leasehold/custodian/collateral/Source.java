package dev.leasehold.custodian.collateral;

import java.util.Locale;

/** A vendor's service that answers questions; each is asked less often when it is in trouble. */
public enum Source {
  AMD_KDS,
  INTEL_PCS,
  INTEL_ROOT_CRL,
  NVIDIA_RIM,
  NVIDIA_OCSP;

  /** The name in metrics and messages, such as {@code amd-kds}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
