package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Window;
import java.util.List;

/** What verification of a quote found out about its platform. */
record Findings(
    PckCertificate pck,
    TcbResult tcb,
    TcbInfo tcbInfo,
    QeIdentity qeIdentity,
    List<RevocationList> revocations,
    List<Window> windows) {
  Findings {
    revocations = List.copyOf(revocations);
    windows = List.copyOf(windows);
  }
}
