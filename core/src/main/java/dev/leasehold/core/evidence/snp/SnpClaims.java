package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a genuine SEV-SNP machine says. Made by {@link SnpVerification} alone. */
public final class SnpClaims implements EnvironmentClaims {
  private final SnpReport report;
  private final Family family;
  private final EndorsementKey endorsement;
  private final Optional<RevocationList> revocations;
  private final List<Window> windows;

  SnpClaims(
      SnpReport report,
      Family family,
      EndorsementKey endorsement,
      Optional<RevocationList> revocations,
      List<Window> windows) {
    this.report = report;
    this.family = family;
    this.endorsement = endorsement;
    this.revocations = revocations;
    this.windows = List.copyOf(windows);
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.SNP;
  }

  /** AMD publishes no judgement of its levels: the owner's floor is the measure. */
  @Override
  public VendorTcb tcb() {
    return VendorTcb.UNWORDED;
  }

  @Override
  public Fields fields() {
    return SnpFields.of(this);
  }

  @Override
  public List<Window> windows() {
    return windows;
  }

  /** The endorsed chip; a key loaded for a cloud endorses none, then what the report says. */
  @Override
  public String platformId() {
    return "sev-snp:" + endorsement.chipId().orElse(report.chipId());
  }

  @Override
  public HexBytes measurement() {
    return report.measurement();
  }

  @Override
  public HexBytes reportData() {
    return report.reportData().value();
  }

  public SnpReport report() {
    return report;
  }

  public Family family() {
    return family;
  }

  public EndorsementKey endorsement() {
    return endorsement;
  }

  /** The revocation list that cleared the chain, when the verifying party had one. */
  public Optional<RevocationList> revocations() {
    return revocations;
  }

  /** The TCB the signing key is bound to: what the platform can prove. */
  public Tcb reportedTcb() {
    return Tcb.decode(family, report.reportedTcb());
  }

  /** The TCB the guest was launched under. */
  public Tcb launchTcb() {
    return Tcb.decode(family, report.launchTcb());
  }

  /** Names of reserved bits and fields that are not as the firmware ABI fixes them. */
  public List<String> reservedBits() {
    List<String> out = new ArrayList<>(report.reservedSet());
    addUnless(report.policy().reservedBitsAreSane(), "POLICY " + report.policy(), out);
    addUnless(
        report.platformInfo().reservedBitsAreSane(), "PLATFORM_INFO " + report.platformInfo(), out);
    addUnless(report.signer().reservedBitsAreSane(), "KEY_INFO", out);
    addUnless(spareIsZero(report.currentTcb()), "CURRENT_TCB", out);
    addUnless(spareIsZero(report.reportedTcb()), "REPORTED_TCB", out);
    addUnless(spareIsZero(report.committedTcb()), "COMMITTED_TCB", out);
    addUnless(spareIsZero(report.launchTcb()), "LAUNCH_TCB", out);
    return List.copyOf(out);
  }

  private boolean spareIsZero(HexBytes tcb) {
    return Tcb.spare(family, tcb).hex().chars().allMatch(c -> c == '0');
  }

  private static void addUnless(boolean sane, String name, List<String> out) {
    if (!sane) {
      out.add(name);
    }
  }
}
