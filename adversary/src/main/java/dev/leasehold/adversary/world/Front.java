package dev.leasehold.adversary.world;

/** Whoever answers requests as the custodian: a real one, or one that a test has broken. */
@FunctionalInterface
public interface Front {
  Answer answer(Request request);
}
