package dev.leasehold.assembly;

/**
 * One file of the enclave program directory.
 *
 * @param path relative to the program directory, with forward slashes
 * @param sha256 of the bytes as laid out, in lower-case hex
 * @param origin the published file it comes from, or "this repository"
 */
record Part(Kind kind, String path, String sha256, String origin) implements Comparable<Part> {
  enum Kind {
    /** Built here. Not pinned: it changes with every commit, and its build is reproducible. */
    OWN,
    /** A third party's jar. */
    JAR,
    /** A third party's native library. */
    NATIVE
  }

  static final String THIS_REPOSITORY = "this repository";

  @Override
  public int compareTo(Part other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : path.compareTo(other.path);
  }
}
