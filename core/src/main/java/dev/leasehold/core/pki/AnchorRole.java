package dev.leasehold.core.pki;

/** What a root of trust may vouch for; a root pinned for one role is nothing in another. */
public enum AnchorRole {
  AMD_ARK_MILAN,
  AMD_ARK_GENOA,
  AMD_ARK_TURIN,
  INTEL_SGX_ROOT,
  AWS_NITRO_ROOT,
  NVIDIA_DEVICE_ROOT,
  NVIDIA_RIM_ROOT,
  GOOGLE_VTPM_ROOT
}
