package dev.leasehold.cli;

import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.Party;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Rule;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.audit.Severity;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Vec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An audit for people: the verdict, the accounts, who can prove what, and what nobody can. */
final class AuditText {
  private static final int SHOWN = 12;

  private final Report report;
  private final Optional<Hash> pinned;
  private final StringBuilder out = new StringBuilder();
  private Vec.Component unit = Vec.Component.OUTPUT_TOKENS;

  private AuditText(Report report, Optional<Hash> pinned) {
    this.report = report;
    this.pinned = pinned;
  }

  static String write(Report report, Optional<Hash> pinned) {
    AuditText text = new AuditText(report, pinned);
    text.verdict();
    text.report.leases().forEach(text::lease);
    text.borrowers();
    text.incidents();
    text.findings();
    text.proven();
    return text.out.toString();
  }

  private void verdict() {
    line(
        (report.isConsistent() ? "CONSISTENT: " : report.findings().size() + " FINDINGS in ")
            + report.statements()
            + " statements"
            + (report.isConsistent() ? ", every rule holds" : "")
            + ", signed until "
            + Instant.ofEpochMilli(report.until()));
    line(
        report
            .approverSet()
            .map(s ->
                pinned.isPresent()
                    ? "approver set " + s + ", as pinned"
                    : "approver set " + s + ", NOT PINNED: compare it with the one you know")
            .orElse("no roster of the expected approvers: nothing here could be believed"));
  }

  private void lease(Report.LeaseAccount l) {
    boolean tokens = l.budget().outputTokens() > 0;
    unit = tokens ? Vec.Component.OUTPUT_TOKENS : Vec.Component.REQUESTS;
    line("");
    line(
        "lease "
            + l.leaseId()
            + "  version "
            + l.version()
            + "  "
            + l.state()
            + (tokens ? "  (output tokens)" : "  (requests)"));
    fact("budget", amount(l.budget()));
    fact("promised", amount(l.promised()));
    fact("proven use", amount(l.proven()));
    fact("refunded", amount(l.refunded()));
    fact("exposure", amount(l.exposure()) + "  (promised, not proven used)");
    if (!l.residual().isZero()) {
      fact("residual", amount(l.residual()) + "  (written off, may still be consumed, for ever)");
    }
    l.revocations().forEach(this::revocation);
    instances(l);
  }

  private void revocation(Report.Revocation r) {
    fact("revoked", Instant.ofEpochMilli(r.at()) + " by command " + r.cseq() + " " + r.command());
    fact(
        "X was",
        amount(r.x())
            + "; since then proven "
            + amount(r.proven())
            + ", refunded "
            + amount(r.refunded())
            + ", written off "
            + amount(r.residual())
            + ", unresolved "
            + amount(r.unresolved()));
    if (r.unresolved().isZero()) {
      fact(
          "cessation",
          r.residual().isZero()
              ? "complete: every enclave has ceased and said so"
              : "complete but for what was written off");
    }
  }

  private void instances(Report.LeaseAccount l) {
    if (l.instances().isEmpty()) {
      return;
    }
    TextTable table = new TextTable(32, 11, 6, 12, 12, 12, 12);
    table.row("instance", "standing", "seq", "allow", "used", "refund", "unresolved");
    for (Report.InstanceAccount i : l.instances()) {
      boolean open = i.standing() == Report.Standing.UNRESOLVED;
      table.row(
          i.instanceId().hex(),
          i.standing().name(),
          String.valueOf(i.seq()),
          amount(i.allow()),
          amount(i.used()),
          amount(i.refund()),
          amount(open ? i.allow().minusOrZero(i.used()) : Vec.ZERO));
      i.cessation().ifPresent(c -> table.note(ceased(i, c)));
    }
    out.append(table);
  }

  private static String ceased(Report.InstanceAccount i, Report.Cessation c) {
    return "ceased ("
        + c.reason()
        + "), closed "
        + Instant.ofEpochMilli(c.closedAt())
        + "; final "
        + brief(c.finalHash())
        + (c.finalVerified()
            ? " signed by the enclave's key "
            : " by the custodian's word signed by the enclave's key ")
        + i.key().map(AuditText::brief).orElse("-")
        + "; closure "
        + brief(c.closure())
        + " signed by the custodian";
  }

  private void borrowers() {
    if (report.scope() == Scope.LOG) {
      line("");
      for (Report.BorrowerAccount b : report.borrowers()) {
        line("borrower " + b.borrowerId() + "  " + b.name());
        fact("leases", b.leases());
        fact("proven use", Amounts.inWords(b.proven()));
        fact("exposure", Amounts.atMost(b.exposure()));
        fact("residual", Amounts.inWords(b.residual()));
      }
    }
  }

  private void incidents() {
    Map<String, Long> byKind =
        report.incidents().stream()
            .collect(
                Collectors.groupingBy(
                    Report.IncidentLine::what, LinkedHashMap::new, Collectors.counting()));
    if (!byKind.isEmpty()) {
      line("");
      line("incidents the custodian wrote down: " + byKind);
    }
  }

  private void findings() {
    Map<Rule, List<Finding>> byRule =
        report.findings().stream()
            .collect(Collectors.groupingBy(Finding::rule, LinkedHashMap::new, Collectors.toList()));
    byRule.forEach(this::finding);
  }

  private void finding(Rule rule, List<Finding> all) {
    line("");
    line(
        headline(rule)
            + ": "
            + rule.code()
            + " (protocol "
            + rule.section()
            + "), "
            + all.size()
            + (all.size() == 1 ? " time" : " times"));
    line("  rule      " + rule.holds());
    line("  proof     " + rule.proof());
    for (Finding f : all.subList(0, Math.min(SHOWN, all.size()))) {
      line("  at        " + where(f));
      line("  expected  " + f.expected());
      line("  found     " + f.found());
      line(
          "  shown by  " + f.statements().stream().map(Hash::hex).collect(Collectors.joining(" ")));
    }
    if (all.size() > SHOWN) {
      line("  and " + (all.size() - SHOWN) + " more");
    }
  }

  private static String headline(Rule rule) {
    if (rule.severity() == Severity.MISBEHAVIOUR) {
      return "PROOF AGAINST "
          + (rule.against() == Party.ENCLAVE ? "AN ENCLAVE'S KEY" : "THE " + rule.against());
    }
    return rule.severity().name();
  }

  /** Whom a finding is about. */
  static String where(Finding f) {
    return f.leaseId().map(l -> "lease " + l).orElse("the story as a whole")
        + f.instanceId().map((Id i) -> ", instance " + i).orElse("");
  }

  /** Protocol §10, "Evidence for each side". */
  private void proven() {
    line("");
    line("What this proves, to anybody:");
    switch (report.scope()) {
      case RELAY -> provenByARelay();
      case LOG -> provenByALog();
    }
    line("  that no enclave exists of which nothing is said here;");
    line("  that a message was sent, or not answered, beyond the word of who kept it;");
    line(
        "  that an enclave ran the program that was measured: that rests on its hardware's vendor.");
  }

  private void provenByARelay() {
    line(
        "  the custodian: the use each enclave reported, the time of each stop, who has ceased and");
    line("                 who is unresolved (the enclaves' signatures, and its own times)");
    line("  the borrower:  what was used, promised and refunded, and whatever is named a proof");
    line("                 above (the custodian's signatures)");
    line("What it cannot prove:");
    line("  what other relays of the same lease carried: the custodian's log shows the whole;");
  }

  /** A log holds neither heartbeats nor an enclave's key, so no word of an enclave's. */
  private void provenByALog() {
    line(
        "  against the custodian: what it promised, to whom, when it stopped whom, and what use it");
    line("                 counted and refunded (its own signatures, in one order for everybody)");
    line("What it cannot prove:");
    line(
        "  that an enclave reported this use, or signed the final that is logged as its own: a log");
    line("  holds no heartbeat and no enclave's key. 'leasehold proof check' over a proof of");
    line("  cessation, or 'leasehold audit --offline' over the relay's bundle, shows both;");
  }

  private String amount(Vec v) {
    return String.valueOf(v.get(unit));
  }

  private static String brief(Hash h) {
    return Printable.shortened(h.hex());
  }

  private void fact(String name, Object value) {
    line(String.format("  %-11s %s", name, value));
  }

  private void line(String text) {
    out.append(Printable.safe(text)).append('\n');
  }
}
