package dev.leasehold.adversary.oracle;

import dev.leasehold.adversary.world.SimRelay.Account;
import dev.leasehold.borrower.books.Statement.InstanceLine;
import dev.leasehold.borrower.books.Statement.Standing;
import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.Severity;
import dev.leasehold.core.lease.InstanceState;
import java.util.List;
import java.util.Optional;

/** Judges what the borrower, who trusts nobody, makes of a run from what has passed his relay. */
public final class BorrowersView {
  private static final String SAME_LEDGER = "the relay's ledger is the custodian's";

  private BorrowersView() {}

  /**
   * Nobody has lied to him, and he knows what the custodian knows.
   *
   * @return how much he has, for a trace
   */
  public static String check(Account account, Books custodian) {
    Violation.require(
        account.alarms().isEmpty(), "the relay has no cause for alarm", "" + account.alarms());
    Violation.require(
        account.rebuilt().equals(account.statement()),
        "a journal gives the same books again",
        account.rebuilt() + "\nwas\n" + account.statement());
    List<Finding> proven =
        account.report().findings().stream()
            .filter(f -> f.rule().severity() != Severity.INCOMPLETE)
            .toList();
    Violation.require(
        proven.isEmpty(), "an audit of the relay's evidence finds nothing", "" + proven);
    long same = account.statement().instances().stream().filter(i -> isSame(i, custodian)).count();
    return same + " accounts the same, " + account.report().statements() + " statements";
  }

  /**
   * Compares an account as far as its answers have come back.
   *
   * @return whether all had
   */
  private static boolean isSame(InstanceLine mine, Books custodian) {
    if (mine.standing() == Standing.CHALLENGED) {
      return false;
    }
    Books.Instance theirs =
        Optional.ofNullable(custodian.instances().get(mine.instanceId()))
            .orElseThrow(() -> new Violation(SAME_LEDGER, mine + " is not in it"));
    if (mine.standing() == Standing.UNRESOLVED && mine.seq() < theirs.seq()) {
      Violation.require(mine.used().atMost(theirs.used()), SAME_LEDGER, mine + ", " + theirs);
      return false;
    }
    boolean closed = theirs.state() == InstanceState.CLOSED;
    Violation.require(
        closed == (mine.standing() == Standing.CLOSED)
            && mine.allow().equals(theirs.allow())
            && mine.used().equals(theirs.used()),
        SAME_LEDGER,
        mine + " to the relay, " + theirs);
    return true;
  }
}
