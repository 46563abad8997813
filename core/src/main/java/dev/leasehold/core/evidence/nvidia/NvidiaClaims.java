package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.pki.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a genuine GPU says. Made by {@link NvidiaVerification} alone. It says nothing about the CPU
 * side of the machine it is in, and so is no environment a lease can run in.
 */
public final class NvidiaClaims implements VerifiedClaims {
  private final NvidiaReport report;
  private final AliasCertificate alias;
  private final Optional<Instant> clearedAt;
  private final Optional<VerifiedRim> driverRim;
  private final Optional<VerifiedRim> vbiosRim;
  private final List<Window> windows;

  NvidiaClaims(
      NvidiaReport report,
      AliasCertificate alias,
      Optional<Instant> clearedAt,
      Optional<VerifiedRim> driverRim,
      Optional<VerifiedRim> vbiosRim,
      List<Window> windows) {
    this.report = report;
    this.alias = alias;
    this.clearedAt = clearedAt;
    this.driverRim = driverRim;
    this.vbiosRim = vbiosRim;
    this.windows = List.copyOf(windows);
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.NVIDIA;
  }

  /** NVIDIA publishes reference values for versions, and no judgement of the versions. */
  @Override
  public VendorTcb tcb() {
    return VendorTcb.UNWORDED;
  }

  @Override
  public Fields fields() {
    return NvidiaFields.of(this);
  }

  @Override
  public List<Window> windows() {
    return windows;
  }

  public NvidiaReport report() {
    return report;
  }

  /** The key that signed, and the chip it belongs to. */
  public AliasCertificate device() {
    return alias;
  }

  /** When the oldest OCSP answer for its path was given; absent while one is lacking. */
  public Optional<Instant> clearedAt() {
    return clearedAt;
  }

  /** The reference values that the driver's measurements match; absent when none were held. */
  public Optional<VerifiedRim> driverRim() {
    return driverRim;
  }

  /** The reference values that the VBIOS's measurements match; absent when none were held. */
  public Optional<VerifiedRim> vbiosRim() {
    return vbiosRim;
  }

  public Architecture architecture() {
    return alias.architecture();
  }
}
