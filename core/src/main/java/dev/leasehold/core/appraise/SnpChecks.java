package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.snp.GuestPolicy;
import dev.leasehold.core.evidence.snp.PlatformInfo;
import dev.leasehold.core.evidence.snp.SnpClaims;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.pki.RevocationList;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The owner's policy over an SEV-SNP platform (protocol §6.2 steps 2 to 4). */
final class SnpChecks {
  private static final String STEP_2 = "protocol §6.2 step 2";
  private static final String STEP_3 = "protocol §6.2 step 3";
  private static final String STEP_4 = "protocol §6.2 step 4";

  /** AMD words no status of its own: reaching the owner's floor is being up to date. */
  private static final String UP_TO_DATE = "UpToDate";

  private static final String OUT_OF_DATE = "OutOfDate";

  private final SnpClaims claims;
  private final SnpReport report;
  private final PlatformPolicy policy;

  SnpChecks(SnpClaims claims, PlatformPolicy policy) {
    this.claims = claims;
    this.report = claims.report();
    this.policy = policy;
  }

  List<Check> all(Instant now) {
    return List.of(
        revocationListIsFresh(now),
        familyIsAccepted(),
        tcbReachesTheFloor(),
        debugIsOff(),
        migrationIsOff(),
        reservedBitsAreAsDefined(),
        reportIsOfTheMostPrivilegedLevel(),
        memoryWasCheckedForAliases(),
        hyperthreadsAreAsAllowed(),
        ciphertextIsHiddenAsDemanded());
  }

  AppraisalStatement.Tcb tcb() {
    HexBytes svn = report.reportedTcb();
    return new AppraisalStatement.Tcb(status(), svn, 0, List.of());
  }

  private Check revocationListIsFresh(Instant now) {
    Optional<Duration> age = claims.revocations().map((RevocationList l) -> l.age(now));
    Optional<Duration> limit = policy.maxCrlAge();
    return Check.of(
        policy.allowsAge(age),
        "crl",
        limit
            .map(l -> "a revocation list of the root at most " + Age.inWords(l) + " old")
            .orElse("not demanded"),
        age.map(a -> "one " + Age.inWords(a) + " old").orElse("none"),
        STEP_2,
        "let the verifying party fetch the root's revocation list from AMD's key server");
  }

  private Check familyIsAccepted() {
    String family = claims.family().wireName();
    return Check.of(
        policy.families().contains(family),
        "family",
        "one of " + policy.families(),
        family,
        STEP_4,
        "use a processor of an accepted family");
  }

  /** Reported is what the platform proves; launch is what the guest's memory was set up under. */
  private Check tcbReachesTheFloor() {
    String status = status();
    return Check.of(
        policy.tcbStatus().contains(status),
        "tcb",
        policy.tcbStatus() + " by " + floor().map(Tcb::toString).orElse("no floor for this family"),
        status + ": reported " + claims.reportedTcb() + "; launched under " + claims.launchTcb(),
        STEP_3,
        "update the platform's firmware and microcode, commit it, and launch the VM again");
  }

  private Check debugIsOff() {
    return policyBit("debug", report.policy().debugAllowed(), "DEBUG 0", "DEBUG 1");
  }

  private Check migrationIsOff() {
    return policyBit(
        "migration", report.policy().migrationAllowed(), "MIGRATE_MA 0", "MIGRATE_MA 1");
  }

  private Check policyBit(String claim, boolean set, String off, String on) {
    return Check.of(
        !set, claim, off, set ? on : off, STEP_4, "launch the VM with this bit of its policy off");
  }

  private Check reservedBitsAreAsDefined() {
    List<String> set = claims.reservedBits();
    return Check.of(
        set.isEmpty(),
        "reserved-bits",
        "all as the firmware ABI fixes them",
        set.isEmpty() ? "all as the firmware ABI fixes them" : "others in " + set,
        STEP_4,
        "use a firmware release that this version of the verifier knows");
  }

  private Check reportIsOfTheMostPrivilegedLevel() {
    return Check.of(
        report.vmpl() == 0,
        "vmpl",
        "0",
        Long.toString(report.vmpl()),
        STEP_4,
        "ask for the report from the guest's most privileged level");
  }

  private Check memoryWasCheckedForAliases() {
    PlatformInfo info = report.platformInfo();
    return Check.of(
        info.aliasCheckComplete() || !policy.aliasCheck(),
        "alias-check",
        policy.aliasCheck() ? "PLATFORM_INFO bit 5 set" : "not demanded",
        "PLATFORM_INFO " + info,
        STEP_4,
        "update the firmware to one that checks memory for aliases at boot (AMD-SB-3015)");
  }

  /** The guest's policy binds for its whole life, the platform's state only says how it is now. */
  private Check hyperthreadsAreAsAllowed() {
    boolean off = !report.policy().smtAllowed() && !report.platformInfo().smtEnabled();
    return Check.of(
        off || policy.smtAllowed(),
        "smt",
        policy.smtAllowed() ? "on or off" : "off in POLICY bit 16 and PLATFORM_INFO bit 0",
        bits(),
        STEP_4,
        "switch SMT off on the host and forbid it in the VM's policy");
  }

  private Check ciphertextIsHiddenAsDemanded() {
    boolean hidden =
        report.policy().ciphertextHidingRequired()
            && report.platformInfo().ciphertextHidingEnabled();
    return Check.of(
        hidden || !policy.ciphertextHiding(),
        "ciphertext-hiding",
        policy.ciphertextHiding() ? "on in POLICY bit 24 and PLATFORM_INFO bit 4" : "not demanded",
        bits(),
        STEP_4,
        "enable ciphertext hiding on the host and demand it in the VM's policy");
  }

  private String bits() {
    GuestPolicy guest = report.policy();
    return "POLICY " + guest + ", PLATFORM_INFO " + report.platformInfo();
  }

  private String status() {
    boolean reached =
        floor()
            .map(f -> claims.reportedTcb().atLeast(f) && claims.launchTcb().atLeast(f))
            .orElse(false);
    return reached ? UP_TO_DATE : OUT_OF_DATE;
  }

  private Optional<Tcb> floor() {
    return Optional.ofNullable(policy.minTcb().get(claims.family().wireName()))
        .map(f ->
            new Tcb(
                clamp(f.fmc()),
                clamp(f.bootloader()),
                clamp(f.tee()),
                clamp(f.snp()),
                clamp(f.microcode())));
  }

  /** A floor above what a component can hold stays one that nothing reaches. */
  private static int clamp(long component) {
    return (int) Math.min(component, Integer.MAX_VALUE);
  }
}
