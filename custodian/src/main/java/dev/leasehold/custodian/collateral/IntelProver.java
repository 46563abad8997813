package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.dcap.IntelStatement;
import dev.leasehold.core.evidence.dcap.QeIdentity;
import dev.leasehold.core.evidence.dcap.TcbInfo;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Intel's answers: signed JSON and revocation lists, their issuers in a response header. */
final class IntelProver {
  private final Anchors anchors;

  IntelProver(Anchors anchors) {
    this.anchors = anchors;
  }

  Proven prove(IntelItem item, Entry.Answer answer, Optional<Proven> issuer, Instant now)
      throws Malformed, Unproven {
    Collateral content =
        CollateralFile.read(item.id(), answer.body().toArray())
            .and(Collateral.ofCertificates(Certificates.parsePem("issuer chain", answer.chain())));
    return switch (item) {
      case IntelItem.TcbInfos i -> tcbInfo(i, content, issuer, now);
      case IntelItem.QuotingEnclave i -> quotingEnclave(i, content, issuer, now);
      case IntelItem.PckRevocations i -> pckRevocations(i, content, now);
      case IntelItem.RootRevocations _ -> rootRevocations(content, issuer, now);
    };
  }

  private Proven tcbInfo(
      IntelItem.TcbInfos item, Collateral content, Optional<Proven> issuer, Instant now)
      throws Unproven {
    TcbInfo info = only("TCB info", content.tcbInfos());
    boolean asked = info.id().equals(item.technology().name()) && info.fmspc().equals(item.fmspc());
    requireAsked(item.id(), item.update(), info, asked);
    return statement(info, Collateral.ofTcbInfos(List.of(info)), issuer, now);
  }

  private Proven quotingEnclave(
      IntelItem.QuotingEnclave item, Collateral content, Optional<Proven> issuer, Instant now)
      throws Unproven {
    QeIdentity identity = only("QE identity", content.qeIdentities());
    requireAsked(
        item.id(),
        item.update(),
        identity,
        identity.id().equals(item.technology().quotingEnclave()));
    return statement(identity, Collateral.ofQeIdentities(List.of(identity)), issuer, now);
  }

  private static void requireAsked(
      String id, IntelUpdate update, IntelStatement statement, boolean asked) throws Unproven {
    if (!asked || !update.admits(statement.tcbEvaluationDataNumber())) {
      throw new Unproven(
          id, statement.name() + " of evaluation " + statement.tcbEvaluationDataNumber());
    }
  }

  private Proven statement(
      IntelStatement statement, Collateral content, Optional<Proven> issuer, Instant now)
      throws Unproven {
    List<RevocationList> lists = issuer.map(p -> p.collateral().revocations()).orElse(List.of());
    refuse(statement.fault(anchors, lists, now));
    return new Proven(
        content,
        statement.windows(anchors, now),
        new Edition(statement.tcbEvaluationDataNumber(), statement.issueDate()));
  }

  private Proven pckRevocations(IntelItem.PckRevocations item, Collateral content, Instant now)
      throws Unproven {
    if (content.certificates().size() != 2) {
      throw new Unproven(
          "the authority and the root beside its list", content.certificates().size() + " of them");
    }
    X509Certificate authority = content.certificates().get(0);
    X509Certificate root = content.certificates().get(1);
    boolean pinned =
        anchors.find(root).map(Anchor::role).equals(Optional.of(AnchorRole.INTEL_SGX_ROOT));
    if (!pinned) {
      throw new Unproven("Intel's pinned root", Certificates.name(root));
    }
    CertificatePath path = new CertificatePath(Vendor.INTEL, List.of(authority), root);
    refuse(path.fault(now));
    String word = item.authority().word();
    String name =
        "Intel SGX PCK "
            + word.substring(0, 1).toUpperCase(Locale.ROOT)
            + word.substring(1)
            + " CA";
    if (!Certificates.commonName(authority).equals(Optional.of(name))) {
      throw new Unproven("a list of " + name, "one of " + Certificates.name(authority));
    }
    return list(content, authority, path.windows(), now);
  }

  private static Proven rootRevocations(Collateral content, Optional<Proven> issuer, Instant now)
      throws Unproven {
    X509Certificate root =
        issuer
            .map(p -> p.collateral().certificates().getLast())
            .orElseThrow(() -> new Unproven("Intel's root first", "none"));
    return list(content, root, List.of(), now);
  }

  private static Proven list(
      Collateral content, X509Certificate issuer, List<Window> above, Instant now) throws Unproven {
    RevocationList list = only("revocation list", content.revocations());
    refuse(list.fault(Vendor.INTEL, issuer, List.of(), now));
    List<Window> windows = new ArrayList<>(above);
    windows.add(list.window());
    return new Proven(content, windows, Edition.of(list.thisUpdate()));
  }

  private static void refuse(Optional<Fault> fault) throws Unproven {
    if (fault.isPresent()) {
      throw Unproven.of(fault.get());
    }
  }

  private static <T> T only(String what, List<T> all) throws Unproven {
    if (all.size() != 1) {
      throw new Unproven("one " + what, all.size() + " of them");
    }
    return all.getFirst();
  }
}
