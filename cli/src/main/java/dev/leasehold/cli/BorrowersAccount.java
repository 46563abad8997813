package dev.leasehold.cli;

import dev.leasehold.borrower.books.Alarm;
import dev.leasehold.borrower.books.Statement;
import dev.leasehold.core.bytes.Id;
import java.time.Instant;

/** The borrower's own ledger, for people. */
final class BorrowersAccount {
  private BorrowersAccount() {}

  static void print(Console console, Statement s) {
    console.line(console.bold("lease " + s.leaseId()) + "  version " + s.leaseVersion());
    console.fact("budget", Amounts.inWords(s.budget()));
    console.fact("promised", Amounts.inWords(s.reserved()));
    console.fact("proven use", Amounts.inWords(s.proven()));
    console.fact("refunded", Amounts.inWords(s.refunded()));
    console.fact("unresolved", Amounts.atMost(s.exposure()) + " beyond what is proven");
    console.fact("last heard", Instant.ofEpochMilli(s.heardAt()));
    for (Statement.InstanceLine i : s.instances()) {
      console.fact(
          "enclave",
          i.instanceId()
              + "  "
              + i.standing()
              + "  used "
              + Amounts.inWords(i.used())
              + " of "
              + Amounts.inWords(i.allow()));
    }
    for (Alarm a : s.alarms()) {
      console.line(
          console.red("ALARM ")
              + Instant.ofEpochMilli(a.at())
              + "  "
              + a.what()
              + a.instance().map((Id i) -> "  enclave " + i).orElse("")
              + ": expected "
              + Printable.safe(a.expected())
              + ", found "
              + Printable.safe(a.found()));
    }
  }
}
