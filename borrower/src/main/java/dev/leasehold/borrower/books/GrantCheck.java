package dev.leasehold.borrower.books;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares a grant with what it claims to answer and follow (protocol §9.6(3)). Nothing is held
 * back for it: the enclave judges for itself, and the borrower keeps the custodian's signature.
 */
final class GrantCheck {
  /** What does not fit. */
  record Finding(String what, String expected, String found) {}

  private final InstanceBook book;
  private final Signed<Grant> signed;
  private final Grant grant;
  private final List<Finding> findings = new ArrayList<>();

  private GrantCheck(InstanceBook book, Signed<Grant> signed) {
    this.book = book;
    this.signed = signed;
    this.grant = signed.body();
  }

  static List<Finding> run(InstanceBook book, Signed<Grant> signed, @Nullable Lease lease) {
    GrantCheck check = new GrantCheck(book, signed);
    check.addressee();
    check.answersWhatWasAsked();
    check.followsTheLastGrant();
    if (lease != null) {
      check.staysWithinTheLease(lease);
    }
    return List.copyOf(check.findings);
  }

  /**
   * A message gets the same answer for all time, however far its enclave has come since. Of
   * heartbeats the custodian keeps the newest two (protocol §8.3).
   */
  static void sayAgain(InstanceBook book, Signed<Grant> again, List<Finding> findings) {
    long seq = again.body().seq();
    Grant last = Objects.requireNonNull(book.grant).body();
    Hash before = seq == 0 ? book.first : seq + 1 == last.seq() ? last.prev() : null;
    if (!again.hash().equals(before)) {
      findings.add(
          new Finding(
              "grant for seq " + seq,
              before == null ? "no answer to a heartbeat so long ago" : before.hex(),
              again.hash().hex()));
    }
  }

  private void addressee() {
    equal("grant.instanceId", book.id, grant.instanceId());
    if (book.enrolment != null) {
      equal("grant.ik", book.enrolment.body().ikRecord().keyid(), grant.ik());
    }
  }

  private void answersWhatWasAsked() {
    if (book.heartbeat == null) {
      equal("grant.seq", 0L, grant.seq());
      equal("grant.hb", hashOf(book.enrolment), grant.hb());
      equal("grant.used", Vec.ZERO, grant.used());
    } else {
      equal("grant.seq", book.heartbeat.body().seq(), grant.seq());
      equal("grant.hb", book.heartbeat.hash(), grant.hb());
      equal("grant.used", book.heartbeat.body().used(), grant.used());
    }
  }

  private void followsTheLastGrant() {
    Signed<Grant> last = book.grant;
    if (last == null) {
      equal("grant.prev", book.challenge, grant.prev());
      return;
    }
    if (last.body().seq() == grant.seq()) {
      equal("grant for seq " + grant.seq(), last.hash(), signed.hash());
      return;
    }
    equal("grant.prev", last.hash(), grant.prev());
    require(
        last.body().allow().atMost(grant.allow()),
        "grant.allow",
        "at least the last allowance " + last.body().allow(),
        grant.allow());
  }

  private void staysWithinTheLease(Lease lease) {
    Vec before = book.grant == null ? Vec.ZERO : book.grant.body().allow();
    Vec most = lease.mostAllowed(grant.used(), before);
    require(grant.allow().atMost(most), "grant.allow", "at most " + most, grant.allow());
    require(
        grant.ttlMs() <= lease.ttlMs(), "grant.ttlMs", "at most " + lease.ttlMs(), grant.ttlMs());
  }

  private static @Nullable Hash hashOf(@Nullable Said<?> statement) {
    return statement == null ? null : statement.hash();
  }

  private void equal(String what, @Nullable Object expected, Object found) {
    require(Objects.equals(expected, found), what, String.valueOf(expected), found);
  }

  private void require(boolean holds, String what, String expected, Object found) {
    if (!holds) {
      findings.add(new Finding(what, expected, found.toString()));
    }
  }
}
