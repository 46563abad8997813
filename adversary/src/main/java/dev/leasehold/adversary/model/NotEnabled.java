package dev.leasehold.adversary.model;

/** The guard of an action does not hold in a state. */
final class NotEnabled extends Exception {
  private static final long serialVersionUID = 1L;

  NotEnabled(String guard) {
    super(guard, null, false, false);
  }
}
