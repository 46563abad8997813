package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Window;
import java.util.List;
import java.util.stream.Stream;

/** What a genuine SGX or TDX platform says. Made by {@link DcapVerification} alone. */
public abstract sealed class DcapClaims implements EnvironmentClaims permits SgxClaims, TdxClaims {
  private final Quote quote;
  private final Findings findings;

  DcapClaims(Quote quote, Findings findings) {
    this.quote = quote;
    this.findings = findings;
  }

  public final Quote quote() {
    return quote;
  }

  /** What Intel certifies about the platform. */
  public final PckCertificate pck() {
    return findings.pck();
  }

  /** The level that was matched, part by part. */
  public final TcbResult tcbResult() {
    return findings.tcb();
  }

  /** The lists that cleared the chain: of the root, then of the PCK's issuer. */
  public final List<RevocationList> revocations() {
    return findings.revocations();
  }

  /** SHA-256 of all collateral that the verdict rests on: lists in DER, statements as signed. */
  public final List<Hash> collateral() {
    return Stream.concat(
            revocations().stream().map(RevocationList::sha256),
            Stream.of(findings.tcbInfo(), findings.qeIdentity())
                .map(s -> Digests.sha256(s.signed().json().toArray())))
        .toList();
  }

  /** The component versions that the hardware itself reports. */
  public abstract HexBytes svn();

  /** The host may read and write the environment's memory. */
  public abstract boolean debug();

  /** Names of reserved bits and fields that are not as the format fixes them. */
  public abstract List<String> reservedBits();

  @Override
  public final VendorTcb tcb() {
    return findings.tcb().tcb();
  }

  @Override
  public final List<Window> windows() {
    return findings.windows();
  }

  @Override
  public final HexBytes measurement() {
    return quote.body().measurement();
  }

  @Override
  public final HexBytes reportData() {
    return quote.body().reportData().value();
  }

  @Override
  public final Fields fields() {
    return DcapFields.of(this);
  }
}
