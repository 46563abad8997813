package dev.leasehold.core.appraise.ear;

import static dev.leasehold.core.appraise.ear.TrustworthinessClaim.CONFIGURATION;
import static dev.leasehold.core.appraise.ear.TrustworthinessClaim.EXECUTABLES;
import static dev.leasehold.core.appraise.ear.TrustworthinessClaim.HARDWARE;
import static dev.leasehold.core.appraise.ear.TrustworthinessClaim.INSTANCE_IDENTITY;
import static dev.leasehold.core.appraise.ear.TrustworthinessClaim.RUNTIME_OPAQUE;

import dev.leasehold.core.evidence.EvidenceKind;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** From our checks to AR4SI's claims: the tables of docs/spec/ear.md §3. */
final class Trustworthiness {
  /** Reasons that the draft has no value for. */
  private static final int UNAPPROVED = -33;

  private static final int REFUSED = -97;

  private static final int AFFIRMED = 2;
  private static final int NO_KNOWN_VULNERABILITY = 3;
  private static final int APPROVED_AT_BOOT = 3;
  private static final int KNOWN_VULNERABILITY = 32;
  private static final int ISOLATED = 32;
  private static final int UNRECOGNISED = 33;
  private static final int CONTRAINDICATED = 96;
  private static final int UNKNOWN = 97;
  private static final int NOT_CRYPTOGRAPHICALLY_VALID = 99;

  /** What only a check that compares with an owner's reference values can affirm. */
  private static final String MEASUREMENT = "measurement";

  private static final Set<String> SETTINGS = Set.of("host-data", "config");
  private static final String PLATFORM_LIST = "platform-list";

  private Trustworthiness() {}

  /** Evidence that is not genuine: nothing is said but that. */
  static TrustworthinessVector invalid() {
    return new TrustworthinessVector.Builder().put(HARDWARE, NOT_CRYPTOGRAPHICALLY_VALID).build();
  }

  /**
   * Genuine evidence.
   *
   * @param checks each claim by name, and whether it holds
   * @param vulnerable advisories stand against the platform, whether or not they are tolerated
   */
  static TrustworthinessVector of(
      EvidenceKind kind, Map<String, Boolean> checks, boolean vulnerable) {
    TrustworthinessVector.Builder out = new TrustworthinessVector.Builder();
    affirm(kind, checks.keySet(), out);
    if (vulnerable) {
      out.put(HARDWARE, KNOWN_VULNERABILITY);
    }
    Set<String> failed =
        checks.entrySet().stream()
            .filter(c -> !c.getValue())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    failed.forEach(claim -> refuse(claim, out));
    return out.build();
  }

  private static void affirm(
      EvidenceKind kind, Set<String> made, TrustworthinessVector.Builder out) {
    out.put(HARDWARE, AFFIRMED);
    opaqueness(kind).ifPresent(v -> out.put(RUNTIME_OPAQUE, v));
    out.put(
        CONFIGURATION,
        SETTINGS.stream().anyMatch(made::contains) ? AFFIRMED : NO_KNOWN_VULNERABILITY);
    if (made.contains(MEASUREMENT)) {
      out.put(EXECUTABLES, APPROVED_AT_BOOT);
    }
    if (made.contains(PLATFORM_LIST)) {
      out.put(INSTANCE_IDENTITY, AFFIRMED);
    }
  }

  /** Who can look into the attester's memory; what is no environment has none of its own. */
  private static OptionalInt opaqueness(EvidenceKind kind) {
    return switch (kind) {
      case SNP, SGX, TDX, AZURE -> OptionalInt.of(AFFIRMED);
      case NITRO -> OptionalInt.of(ISOLATED);
      case NVIDIA, TPM -> OptionalInt.empty();
    };
  }

  private static void refuse(String claim, TrustworthinessVector.Builder out) {
    switch (claim) {
      case "tcb", "advisories", "tcb-evaluation", "alias-check" ->
          out.put(HARDWARE, KNOWN_VULNERABILITY);
      case "crl" -> out.put(HARDWARE, UNAPPROVED);
      case "family", "architecture" -> out.put(HARDWARE, CONTRAINDICATED);
      case "debug" -> out.put(RUNTIME_OPAQUE, CONTRAINDICATED);
      case "host-data", "config" -> out.put(CONFIGURATION, UNAPPROVED);
      case MEASUREMENT, "rtmr0", "rtmr1", "rtmr2", "rtmr3", "event-log", "id-key-digest" ->
          out.put(EXECUTABLES, UNRECOGNISED);
      case "nonce", "report-data", "evidence-signature" ->
          out.put(INSTANCE_IDENTITY, NOT_CRYPTOGRAPHICALLY_VALID);
      case PLATFORM_LIST -> out.put(INSTANCE_IDENTITY, UNKNOWN);
      case "platform-state", "duplicate-key" -> out.put(INSTANCE_IDENTITY, CONTRAINDICATED);
      case "platform-tier" -> out.put(INSTANCE_IDENTITY, REFUSED);
      case "migration",
          "service-td",
          "reserved-bits",
          "vmpl",
          "smt",
          "ciphertext-hiding",
          "sept-ve",
          "perfmon" ->
          out.put(CONFIGURATION, CONTRAINDICATED);
      default -> out.put(CONFIGURATION, REFUSED);
    }
  }
}
