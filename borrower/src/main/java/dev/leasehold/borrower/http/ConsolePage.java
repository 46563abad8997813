package dev.leasehold.borrower.http;

import dev.leasehold.borrower.books.Alarm;
import dev.leasehold.borrower.books.Statement;
import dev.leasehold.core.lease.Vec;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;

/** The statement as one page without scripts. */
final class ConsolePage {
  private ConsolePage() {}

  static String render(Statement s) {
    String totals =
        row("budget", s.budget())
            + row("reserved", s.reserved())
            + row("proven use", s.proven())
            + row("came back", s.refunded())
            + row("unresolved", s.exposure());
    String instances =
        s.instances().stream().map(ConsolePage::instance).collect(Collectors.joining());
    String alarms =
        s.alarms().isEmpty()
            ? "<p>None: every message fits the ones before it.</p>"
            : s.alarms().reversed().stream()
                .map(ConsolePage::alarm)
                .collect(Collectors.joining("", "<ul>", "</ul>"));
    return """
    <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Leasehold relay</title>
    <meta http-equiv="refresh" content="5"><style>
    body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}
    table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{padding:.25rem .8rem;
    border-bottom:1px solid #ddd;text-align:right}th:first-child,td:first-child{text-align:left}
    .alarm{color:#b00020}code{font-size:.85em}</style></head><body>
    <h1>Your lease</h1><p>Lease <code>%s</code>, version %d, from the signed messages this relay
    has carried; the custodian's last one came at
    %s.</p>
    <table><tr><th></th><th>requests</th><th>input tokens</th><th>output tokens</th>
    <th>megaflops</th></tr>%s</table>
    <h2>Enclaves</h2><table><tr><th>instance</th><th>state</th><th>heartbeat</th>
    <th>output used</th><th>output allowed</th><th>came back</th></tr>%s</table>
    <h2>Log</h2><p>The custodian's log has shown this relay a checkpoint of %d entries, root
    <code>%s</code>, which extends every one before it.</p>
    <h2>Alarms</h2>%s</body></html>
    """
        .formatted(
            s.leaseId(),
            s.leaseVersion(),
            time(s.heardAt()),
            totals,
            instances,
            s.log().size(),
            s.log().root(),
            alarms);
  }

  private static String row(String name, Vec v) {
    return "<tr><td>%s</td><td>%d</td><td>%d</td><td>%d</td><td>%d</td></tr>"
        .formatted(name, v.requests(), v.inputTokens(), v.outputTokens(), v.megaflops());
  }

  private static String instance(Statement.InstanceLine i) {
    return "<tr><td><code>%s</code></td><td>%s</td><td>%d</td><td>%d</td><td>%d</td><td>%d</td></tr>"
        .formatted(
            i.instanceId(),
            i.standing().name().toLowerCase(Locale.ROOT),
            i.seq(),
            i.used().outputTokens(),
            i.allow().outputTokens(),
            i.refund().outputTokens());
  }

  private static String alarm(Alarm a) {
    return "<li class=\"alarm\">%s %s: expected %s, found %s</li>"
        .formatted(
            Instant.ofEpochMilli(a.at()),
            escape(a.what()),
            escape(a.expected()),
            escape(a.found()));
  }

  private static String time(long millis) {
    return millis == 0 ? "no time yet" : Instant.ofEpochMilli(millis).toString();
  }

  private static String escape(String s) {
    return s.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
