package dev.leasehold.cli;

import dev.leasehold.core.appraise.Age;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tee;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A policy in words that its owner can judge without knowing the hardware. */
final class PolicyWords {
  private static final Set<Tee> AMD = EnumSet.of(Tee.SEV_SNP, Tee.AZURE_SNP);
  private static final Set<Tee> INTEL = EnumSet.of(Tee.SGX, Tee.TDX, Tee.AZURE_TDX);
  private static final String NO_CONFIG = "0".repeat(64);
  private static final String ANY = "*";

  private final Measurements set;
  private final StringBuilder out = new StringBuilder();

  private PolicyWords(Measurements set) {
    this.set = set;
  }

  static String of(PolicyFile file) {
    PolicyWords words = new PolicyWords(file.set());
    words.programs();
    words.machines();
    words.always();
    words.standing(file.signers());
    return words.out.toString();
  }

  private void programs() {
    int count = set.entries().size();
    line(
        count == 1
            ? "Accepts one program, and no other:"
            : "Accepts any one of these " + count + " programs, and no other:");
    set.entries().forEach(this::program);
  }

  private void program(Measurements.Entry e) {
    line("");
    line("  \"" + e.program() + "\" in " + environment(e.tee()));
    line("    whose " + measured(e.tee()) + " is exactly");
    line("      " + e.measurement());
    for (int i = 0; i < e.tdx().size(); i++) {
      register(i, e.tdx().get(i));
    }
    if (e.hostData().isEmpty()) {
      line("    started without data from its host");
    } else {
      line("    started by its host with exactly this data");
      line("      " + e.hostData());
    }
    if (e.config().hex().equals(NO_CONFIG)) {
      line("    No configuration is named: good for 'leasehold verify', never for a lease.");
    } else {
      line("    For a lease, its configuration file must have the SHA-256");
      line("      " + e.config());
    }
  }

  private void register(int index, String value) {
    String name = "run-time register " + index + " (" + loaded(index) + ")";
    if (value.equals(ANY)) {
      line("    " + name + ": anything. Nothing there is held to a value!");
    } else {
      line("    " + name + " is exactly");
      line("      " + value);
    }
  }

  private static String loaded(int register) {
    return switch (register) {
      case 0 -> "virtual firmware and its settings";
      case 1 -> "boot loader and kernel";
      case 2 -> "kernel command line and initial system";
      default -> "what programs add themselves";
    };
  }

  private void machines() {
    line("");
    line("On machines of which all of this holds:");
    boolean amd = uses(AMD) || !set.policy().families().isEmpty();
    if (amd) {
      amd();
    }
    if (uses(INTEL)) {
      intel();
    }
    if (uses(EnumSet.of(Tee.NITRO))) {
      line("  AWS: a Nitro Enclave; AWS publishes no patch levels to hold it to");
    }
    if (amd || uses(INTEL)) {
      line(
          "  Whoever verifies holds the maker's list of withdrawn keys, at most "
              + days(set.policy().maxCrlAgeMs())
              + " old; without one, evidence is refused");
    }
  }

  private void amd() {
    Measurements.Policy p = set.policy();
    line(
        p.families().isEmpty()
            ? "  AMD: no processor at all"
            : "  AMD: an EPYC processor of the family "
                + String.join(" or ", p.families())
                + ", no other");
    for (String family : p.families()) {
      Measurements.TcbFloor f = p.minTcb().get(family);
      if (f != null) {
        line("  AMD: firmware of " + family + " no older than " + floor(f));
      }
    }
    line(
        p.smtAllowed()
            ? "  AMD: two threads may share a processor core (SMT)"
            : "  AMD: no two threads share a processor core (SMT off)");
    line(
        p.ciphertextHiding()
            ? "  AMD: the host cannot even watch encrypted memory change (ciphertext hiding)"
            : "  AMD: the host may watch encrypted memory change (ciphertext hiding not demanded)");
    line(
        p.aliasCheck()
            ? "  AMD: memory was checked for tampered modules at start (against BadRAM)"
            : "  AMD: memory need not have been checked for tampered modules (BadRAM is possible!)");
  }

  private void intel() {
    Measurements.Policy p = set.policy();
    line("  Intel: patch status " + listed(p.tcbStatus(), "none, so nothing is accepted"));
    line(
        p.minTcbEvaluation() == 0
            ? "  Intel: by any of Intel's data sets, also an old one!"
            : "  Intel: by Intel's data set number " + p.minTcbEvaluation() + " or a later one");
    line(
        p.advisoriesAllowed().isEmpty()
            ? "  Intel: no security advisory stands against it"
            : "  Intel: no security advisory stands against it but "
                + String.join(", ", p.advisoriesAllowed()));
  }

  private void always() {
    line("");
    line("Whatever a policy says, refused always: evidence that is not genuine or not in date,");
    line("debugging (the host could read everything), and moving a running program elsewhere.");
  }

  private void standing(List<Hash> signers) {
    line("");
    line("Set " + set.setId() + ", version " + set.version() + replaces());
    line("  in force from " + Instant.ofEpochMilli(set.notBefore()));
    if (signers.isEmpty()) {
      line("  not signed: a draft");
    } else {
      line("  carries signatures by these keys; whether they are valid is not checked here");
      signers.forEach(k -> line("    " + k));
    }
  }

  private String replaces() {
    return set.previous().map(h -> ", replaces " + h).orElse(", the first");
  }

  private static String environment(Tee tee) {
    return switch (tee) {
      case SEV_SNP -> "a confidential VM of AMD (SEV-SNP)";
      case TDX -> "a confidential VM of Intel (TDX)";
      case SGX -> "an enclave of Intel (SGX)";
      case NITRO -> "an enclave of AWS (Nitro)";
      case AZURE_SNP -> "a confidential VM of Azure on AMD (SEV-SNP)";
      case AZURE_TDX -> "a confidential VM of Azure on Intel (TDX)";
    };
  }

  private static String measured(Tee tee) {
    return switch (tee) {
      case SEV_SNP -> "initial memory (MEASUREMENT)";
      case TDX -> "initial memory (MRTD)";
      case SGX -> "code and initial memory (MRENCLAVE)";
      case NITRO -> "image (PCR0)";
      case AZURE_SNP, AZURE_TDX -> "firmware and boot registers (docs/spec/tpm-evidence.md)";
    };
  }

  private boolean uses(Set<Tee> kinds) {
    return set.entries().stream().map(Measurements.Entry::tee).anyMatch(kinds::contains);
  }

  private static String floor(Measurements.TcbFloor f) {
    return "boot loader "
        + f.bootloader()
        + ", TEE "
        + f.tee()
        + ", SNP "
        + f.snp()
        + ", microcode "
        + f.microcode()
        + ", FMC "
        + f.fmc();
  }

  private static String days(long millis) {
    return Age.inWords(Duration.ofMillis(millis));
  }

  private static String listed(List<String> words, String none) {
    return words.isEmpty() ? none : words.stream().collect(Collectors.joining(" or "));
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
