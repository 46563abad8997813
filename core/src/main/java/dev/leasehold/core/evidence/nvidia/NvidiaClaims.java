package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.pki.Window;
import java.util.List;

/**
 * What a genuine GPU says. Made by {@link NvidiaVerification} alone. It says nothing about the CPU
 * side of the machine it is in, and so is no environment a lease can run in.
 */
public final class NvidiaClaims implements VerifiedClaims {
  private final NvidiaReport report;
  private final AliasCertificate alias;
  private final List<Window> windows;

  NvidiaClaims(NvidiaReport report, AliasCertificate alias, List<Window> windows) {
    this.report = report;
    this.alias = alias;
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

  public Architecture architecture() {
    return alias.architecture();
  }
}
