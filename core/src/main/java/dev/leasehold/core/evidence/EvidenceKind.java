package dev.leasehold.core.evidence;

import java.util.Arrays;
import java.util.Optional;

/** The technologies whose evidence can be verified. */
public enum EvidenceKind {
  SNP("snp"),
  SGX("sgx"),
  TDX("tdx"),
  NITRO("nitro"),
  NVIDIA("nvidia"),
  AZURE("azure"),
  TPM("tpm");

  private final String word;

  EvidenceKind(String word) {
    this.word = word;
  }

  /** The kind as commands and results name it. */
  public String word() {
    return word;
  }

  public static Optional<EvidenceKind> of(String word) {
    return Arrays.stream(values()).filter(k -> k.word.equals(word)).findFirst();
  }
}
