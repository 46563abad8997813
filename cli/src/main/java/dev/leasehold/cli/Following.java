package dev.leasehold.cli;

import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.LogMonitor;
import dev.leasehold.core.audit.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Watches a log and says what changes: how far it is, what it adds up to, and every alarm once. */
final class Following {
  /** Looks at what the log itself does not show; nothing is found by one who has no access. */
  @FunctionalInterface
  interface Beside {
    List<Finding> look(Report report) throws CliFailure;
  }

  private final LogMonitor monitor;
  private final Beside beside;
  private final PrintWriter out;
  private final Set<Finding> said = new HashSet<>();
  private final Set<Finding> besideLog = new LinkedHashSet<>();
  private long size = -1;

  /** Why the last look failed; empty when it did not. */
  private String away = "";

  Following(LogMonitor monitor, Beside beside, PrintWriter out) {
    this.monitor = monitor;
    this.beside = beside;
    this.out = out;
  }

  /** One look: everything that is established so far. */
  Report look() throws IOException, CliFailure {
    monitor.poll();
    besideLog.addAll(beside.look(monitor.report()));
    return report();
  }

  private Report report() {
    return monitor.report().and(List.copyOf(besideLog));
  }

  /**
   * Looks again and again until the thread is interrupted; a look that fails is made again, and
   * takes nothing back.
   *
   * @return true when nothing was ever found
   */
  boolean untilInterrupted(Duration every) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        look();
        back();
      } catch (IOException | CliFailure e) {
        away(e);
      }
      say(report());
      pause(every);
    }
    boolean consistent = report().isConsistent();
    line(
        "ended at " + monitor.size() + " entries: " + (consistent ? "consistent" : "ALARMS above"));
    return consistent;
  }

  private void away(Exception e) {
    String why = String.valueOf(e.getMessage());
    if (!Thread.currentThread().isInterrupted() && !why.equals(away)) {
      away = why;
      line("no look at the log: " + why + "; trying again");
    }
  }

  private void back() {
    if (!away.isEmpty()) {
      away = "";
      line("the log is there again");
    }
  }

  private static void pause(Duration every) {
    try {
      Thread.sleep(every);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(Report report) {
    for (Finding f : report.findings()) {
      if (said.add(f)) {
        line("ALARM " + f + "  [" + f.rule().severity() + ", protocol " + f.rule().section() + "]");
        line("      " + AuditText.where(f) + ". " + f.rule().proof());
      }
    }
    if (monitor.size() != size) {
      size = monitor.size();
      line(Instant.ofEpochMilli(report.until()) + "  log of " + size + " entries");
      report.leases().forEach(this::lease);
      for (Report.BorrowerAccount b : report.borrowers()) {
        line(
            "  borrower "
                + b.borrowerId()
                + "  proven "
                + Amounts.inWords(b.proven())
                + "; exposure "
                + Amounts.atMost(b.exposure()));
      }
    }
  }

  private void lease(Report.LeaseAccount l) {
    long open =
        l.instances().stream().filter(i -> i.standing() == Report.Standing.UNRESOLVED).count();
    line(
        "  lease "
            + l.leaseId()
            + "  "
            + l.state()
            + "  proven "
            + Amounts.inWords(l.proven())
            + "; exposure "
            + Amounts.atMost(l.exposure())
            + "; "
            + open
            + " unresolved");
  }

  private void line(String text) {
    out.println(Printable.safe(text));
    out.flush();
  }
}
