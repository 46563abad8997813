package dev.leasehold.core.testing;

/** How much a test does: less in verify, all of it nightly. */
public final class Scale {
  public static final boolean NIGHTLY = "nightly".equals(System.getProperty("leasehold.scale"));

  private Scale() {}
}
