package dev.leasehold.core.evidence;

import dev.leasehold.core.evidence.nvidia.NvidiaClaims;
import dev.leasehold.core.evidence.tpm.TpmClaims;
import dev.leasehold.core.pki.Window;
import java.util.List;

/**
 * What genuine hardware says. Only a successful verification makes one: the permitted classes have
 * no public constructor.
 */
public sealed interface VerifiedClaims permits EnvironmentClaims, NvidiaClaims, TpmClaims {
  EvidenceKind kind();

  VendorTcb tcb();

  /** Every field of the evidence. */
  Fields fields();

  /** The window of every signed thing that the verification rests on. */
  List<Window> windows();
}
