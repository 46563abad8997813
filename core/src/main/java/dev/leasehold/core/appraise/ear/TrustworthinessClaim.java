package dev.leasehold.core.appraise.ear;

/** What a verifier may speak about (draft-ietf-rats-ar4si-10 §2.3.4), in the order of its CDDL. */
public enum TrustworthinessClaim {
  INSTANCE_IDENTITY("instance-identity"),
  CONFIGURATION("configuration"),
  EXECUTABLES("executables"),
  FILE_SYSTEM("file-system"),
  HARDWARE("hardware"),
  RUNTIME_OPAQUE("runtime-opaque"),
  STORAGE_OPAQUE("storage-opaque"),
  SOURCED_DATA("sourced-data");

  private final String word;

  TrustworthinessClaim(String word) {
    this.word = word;
  }

  /** The claim as JSON writes it. */
  public String word() {
    return word;
  }
}
