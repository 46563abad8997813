package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Window;
import java.util.List;
import java.util.Optional;

/** What verification of a quote found out about its platform. */
record Findings(
    PckCertificate pck,
    TcbResult tcb,
    TcbInfo tcbInfo,
    QeIdentity qeIdentity,
    List<RevocationList> revocations,
    List<Window> windows,
    Optional<EventLog> eventLog) {
  Findings {
    revocations = List.copyOf(revocations);
    windows = List.copyOf(windows);
  }
}
