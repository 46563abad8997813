package dev.leasehold.core.evidence.snp;

/** Combined CPUID family, combined model and stepping of the processor. */
public record Cpuid(int family, int model, int stepping) {
  @Override
  public String toString() {
    return String.format("CPUID family 0x%02x model 0x%02x stepping %d", family, model, stepping);
  }
}
