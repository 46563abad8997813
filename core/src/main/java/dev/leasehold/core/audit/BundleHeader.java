package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Id;

/**
 * The first line of an evidence bundle.
 *
 * @param leaseId the lease whose relay wrote it
 * @param exportedAt that relay's clock when the journal had been read; proves nothing
 */
public record BundleHeader(String format, long v, Id leaseId, long exportedAt) {
  public static final String FORMAT = "leasehold-evidence-bundle";
  private static final long VERSION = 1;

  public BundleHeader {
    if (!format.equals(FORMAT) || v != VERSION) {
      throw new IllegalArgumentException(
          "format, v: expected " + FORMAT + ", " + VERSION + ", found " + format + ", " + v);
    }
  }

  public static BundleHeader of(Id leaseId, long exportedAt) {
    return new BundleHeader(FORMAT, VERSION, leaseId, exportedAt);
  }
}
