package dev.leasehold.core.evidence.nvidia;

/** A generation of GPUs, told by the name of the chip in the device's own certificate. */
public enum Architecture {
  HOPPER("Hopper", "GH"),
  BLACKWELL("Blackwell", "GB"),
  OTHER("other", "");

  private final String word;
  private final String chipPrefix;

  Architecture(String word, String chipPrefix) {
    this.word = word;
    this.chipPrefix = chipPrefix;
  }

  /** As fields and refusals write it. */
  public String word() {
    return word;
  }

  static Architecture ofChip(String chip) {
    for (Architecture a : values()) {
      if (chip.startsWith(a.chipPrefix)) {
        return a;
      }
    }
    return OTHER;
  }
}
