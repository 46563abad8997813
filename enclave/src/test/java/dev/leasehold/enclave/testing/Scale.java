package dev.leasehold.enclave.testing;

/** How much a test does: less in verify, all of it nightly. */
public final class Scale {
  private static final boolean NIGHTLY = "nightly".equals(System.getProperty("leasehold.scale"));

  private Scale() {}

  public static int of(int nightly, int verify) {
    return NIGHTLY ? nightly : verify;
  }
}
