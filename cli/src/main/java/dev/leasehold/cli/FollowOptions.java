package dev.leasehold.cli;

import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.LogMonitor;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Tables;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a log is followed: where what was seen is kept, how often one looks, what lies beside it. */
final class FollowOptions {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "leasehold-log",
      description = "the monitor's own copy of the log (default: ${DEFAULT-VALUE})")
  private Path state;

  @Option(names = "--once", description = "look once, print the whole report, and end")
  private boolean once;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "how often to look (default: ${DEFAULT-VALUE})")
  private long every;

  @Option(
      names = "--log-pin",
      paramLabel = "HASH",
      defaultValue = "${env:LEASEHOLD_PIN}",
      description = {
        "SHA-256 of the server's certificate, as 'custodian init' printed it (or LEASEHOLD_PIN);",
        "without it the system's certificate authorities are asked"
      })
  private @Nullable Hash pin;

  @Option(
      names = "--token",
      paramLabel = "FILE",
      description = {
        "an operator's token: the custodian's tables are compared with its log as well",
        "(needs --log-pin)"
      })
  private @Nullable Path token;

  boolean once() {
    return once;
  }

  /** One look at the log. */
  Report look(URI log, Optional<Hash> approvers, PrintWriter out) throws CliFailure {
    try (FileMirror mirror = FileMirror.open(state)) {
      return following(log, mirror, approvers, out).look();
    } catch (IOException e) {
      throw new CliFailure("No look at the log: " + e.getMessage());
    }
  }

  /** Looks until the process is asked to end; true when nothing was ever found. */
  boolean untilStopped(URI log, Optional<Hash> approvers, PrintWriter out) throws CliFailure {
    if (every < 1) {
      throw new CliFailure(
          "--every", "at least 1 second", String.valueOf(every), "leave it out for 15");
    }
    try (FileMirror mirror = FileMirror.open(state)) {
      Following following = following(log, mirror, approvers, out);
      Servers.whenStopped(Thread.currentThread()::interrupt);
      return following.untilInterrupted(Duration.ofSeconds(every));
    } catch (IOException e) {
      throw new CliFailure("The log cannot be followed: " + e.getMessage());
    }
  }

  private Following following(URI log, FileMirror mirror, Optional<Hash> approvers, PrintWriter out)
      throws IOException, CliFailure {
    HttpLog source = new HttpLog(log, Optional.ofNullable(pin));
    try {
      return new Following(LogMonitor.open(source, mirror, approvers), beside(log), out);
    } catch (Malformed m) {
      throw CliFailure.of(state + " cannot be used", m, "name an empty folder, and keep this one");
    }
  }

  private Following.Beside beside(URI log) throws CliFailure {
    if (token == null) {
      return report -> List.of();
    }
    if (pin == null) {
      throw new CliFailure(
          "--token", "--log-pin beside it", "none", "the token is shown to the pinned server only");
    }
    CustodianClient client = new CustodianClient(log.resolve("/"), pin);
    String bearer = LocalFiles.readToken(token);
    return report -> {
      List<Finding> found = new ArrayList<>();
      for (Report.LeaseAccount lease : report.leases()) {
        LeaseView view = client.lease(lease.leaseId(), bearer);
        found.addAll(tables(view).contradictions(lease));
      }
      return found;
    };
  }

  private static Tables tables(LeaseView v) {
    return new Tables(
        v.id(),
        v.version(),
        v.cseq(),
        v.state(),
        v.budget(),
        v.instances().stream()
            .map(i -> new Tables.Row(i.id(), i.state(), i.seq(), i.allow(), i.used()))
            .toList());
  }
}
