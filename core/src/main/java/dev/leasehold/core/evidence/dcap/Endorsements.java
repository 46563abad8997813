package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.RevocationList;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the verifying party's collateral holds about one platform. Chosen is not verified: that is
 * for the steps of {@link DcapVerification}.
 */
record Endorsements(
    Optional<RevocationList> rootCrl,
    Optional<RevocationList> pckCrl,
    Optional<TcbInfo> tcbInfo,
    Optional<QeIdentity> qeIdentity) {

  static Endorsements choose(
      boolean tdx, PckChain.Proven chain, Collateral collateral, Anchors anchors, Instant now) {
    // Several are valid at once: an older one must not win by being first.
    Comparator<IntelStatement> goodThenNewest =
        Comparator.<IntelStatement, Boolean>comparing(
                s -> s.fault(anchors, collateral.revocations(), now).isEmpty())
            .thenComparingLong(IntelStatement::tcbEvaluationDataNumber)
            .thenComparing(IntelStatement::issueDate);
    return new Endorsements(
        RevocationList.newest(collateral.revocations(), chain.path().root(), now),
        RevocationList.newest(collateral.revocations(), chain.issuer(), now),
        collateral.tcbInfos().stream()
            .filter(t -> t.id().equals(tdx ? "TDX" : "SGX"))
            .max(
                Comparator.<TcbInfo, Boolean>comparing(t -> chain.pck().isOf(t))
                    .thenComparing(goodThenNewest)),
        collateral.qeIdentities().stream()
            .filter(q -> q.id().equals(tdx ? "TD_QE" : "QE"))
            .max(goodThenNewest));
  }

  /** The lists that cleared the chain. */
  List<RevocationList> revocations() {
    return List.of(rootCrl.orElseThrow(), pckCrl.orElseThrow());
  }
}
