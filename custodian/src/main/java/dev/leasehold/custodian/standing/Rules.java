package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.Versioned;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Standings;
import java.util.Optional;

/** Rules that several kinds of standing objects share. */
final class Rules {
  private Rules() {}

  static void require(boolean holds, String field, Object expected, Object found) throws Rejected {
    if (!holds) {
      throw new Rejected(
          ProblemType.CONFLICT, field + ": expected " + expected + ", found " + found);
    }
  }

  static void requireSame(String field, Object expected, Object found) throws Rejected {
    require(expected.equals(found), field, expected, found);
  }

  /** A version follows the newest one and names it. */
  static void requireNext(String what, Optional<Standings.Version> newest, Versioned next)
      throws Rejected {
    long expected = newest.map(n -> n.version() + 1).orElse(1L);
    require(next.version() == expected, what + ".version", expected, next.version());
    Optional<Hash> hash = newest.map(Standings.Version::hash);
    require(
        next.previous().equals(hash),
        what + ".previous",
        hash.map(Hash::hex).orElse("nothing"),
        next.previous().map(Hash::hex).orElse("nothing"));
  }
}
