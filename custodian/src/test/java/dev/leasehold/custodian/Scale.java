package dev.leasehold.custodian;

/** How much a test does: less in verify, all of it nightly. */
final class Scale {
  private Scale() {}

  static int of(int nightly, int verify) {
    return System.getProperty("leasehold.scale", "verify").equals("nightly") ? nightly : verify;
  }
}
