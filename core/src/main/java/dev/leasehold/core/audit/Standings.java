package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Versioned;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standing objects: each version follows the one before, and names things that are there. */
final class Standings {
  private final Story story;
  private final Trust trust;

  Standings(Story story, Trust trust) {
    this.story = story;
    this.trust = trust;
  }

  void roster(Statement<Roster> s) {
    if (follows(Findings.Subject.NONE, trust.inForce().orElse(null), s)) {
      trust.putInForce(s);
    }
  }

  void measurements(Statement<Measurements> s) {
    story.setVersions.put(s.hash(), s.body());
    if (follows(Findings.Subject.NONE, story.sets.get(s.body().setId()), s)) {
      story.sets.put(s.body().setId(), s);
    }
  }

  /** Borrowers have no version: the later registration counts. */
  void borrower(Statement<Borrower> s) {
    story.borrowers.put(s.body().borrowerId(), s);
  }

  void modelPackage(Statement<ModelPackage> s) {
    story.packages.put(s.hash(), s.body());
  }

  void order(Statement<Order> s) {
    story.orders.put(s.hash(), s.body());
  }

  void lease(Statement<Lease> s) {
    LeaseStory lease = story.lease(s.body().leaseId());
    Statement<Lease> before = lease.terms;
    if (!follows(lease.subject, before, s)) {
      return;
    }
    if (before != null) {
      unchanged(lease, before, s);
    }
    names(lease, s);
    lease.terms = s;
    lease.books.terms(s);
  }

  private void unchanged(LeaseStory lease, Statement<Lease> before, Statement<Lease> next) {
    try {
      next.body().requireSameLease(before.body());
    } catch (Malformed m) {
      story.findings.add(
          Rule.LEASE_UNCHANGED,
          lease.subject,
          m.field() + ": " + m.expected(),
          m.found(),
          before.hash(),
          next.hash());
    }
  }

  private void names(LeaseStory lease, Statement<Lease> s) {
    Lease l = s.body();
    if (!story.borrowers.containsKey(l.borrowerId())) {
      story.missing(lease.subject, "the lease's borrower", l.borrowerId(), s.hash());
    }
    if (!story.packages.containsKey(l.modelPackage())) {
      story.missing(lease.subject, "the lease's package", l.modelPackage(), s.hash());
    }
    if (!story.sets.containsKey(l.measurementSet())) {
      story.missing(lease.subject, "the lease's measurement set", l.measurementSet(), s.hash());
    }
  }

  /**
   * Whether a version comes next, so that it is in force from here on. A relay sees what was in
   * force whenever it asked, and older versions with answers to enclaves that ask late; a log holds
   * every version in order.
   */
  private <T extends Record & Versioned> boolean follows(
      Findings.Subject about, @Nullable Statement<T> before, Statement<T> next) {
    if (before != null && before.hash().equals(next.hash())) {
      return false;
    }
    long known = before == null ? 0 : before.body().version();
    long version = next.body().version();
    boolean gap = version > known + 1;
    if (story.scope == Scope.RELAY && (gap || version < known)) {
      return gap;
    }
    if (gap) {
      story.missing(about, "version " + (known + 1), "version " + version, next.hash());
      return true;
    }
    Optional<Hash> names = next.body().previous();
    boolean succeeds =
        version == known + 1 && (before == null || names.filter(before.hash()::equals).isPresent());
    story.findings.require(
        succeeds,
        Rule.VERSION,
        about,
        before == null ? "version 1" : "version " + (known + 1) + " after " + before.hash(),
        "version " + version + " after " + names.map(Hash::hex).orElse("nothing"),
        before == null ? new Hash[] {next.hash()} : new Hash[] {before.hash(), next.hash()});
    return succeeds;
  }
}
