package dev.leasehold.custodian.store;

/**
 * The moments of a commit at which a crash would show whether anything was promised too early. A
 * test throws an {@link Error} at one of them, and the writer is dead; nothing happens there in
 * production, and no configuration leads here.
 */
@FunctionalInterface
public interface CrashPoints {
  CrashPoints NONE = moment -> {};

  /** In the order in which a transaction passes them; the anchor's only if a lease was touched. */
  enum Moment {
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_ANCHOR_SYNC,
    AFTER_ANCHOR_SYNC
  }

  void at(Moment moment);
}
