package dev.leasehold.cli;

import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.LeaseState;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold show}: the custodian's books, for people. */
@Command(name = "show", description = "Shows the custodian's leases, or one with its enclaves.")
final class ShowCommand implements Callable<Integer> {
  private static final int BAR = 40;

  @Parameters(paramLabel = "LEASE", arity = "0..1", description = "one lease (default: all)")
  private @Nullable String leaseId;

  @Option(names = "--token", required = true, description = "file made by 'custodian token'")
  private Path token;

  @Option(names = "--json", description = "print the view as it is")
  private boolean json;

  @Mixin private CustodianOptions custodian;

  @Override
  public Integer call() throws CliFailure {
    String bearer = LocalFiles.readToken(token);
    String path = leaseId == null ? "/v1/leases" : "/v1/leases/" + leaseId;
    Json.Obj view = custodian.connect().get(path, bearer);
    Console console = Console.standard();
    if (json) {
      console.piece(PrettyJson.write(view));
    } else if (leaseId != null) {
      lease(console, LeaseView.of(view));
    } else {
      leases(console, view);
    }
    return 0;
  }

  private static void leases(Console console, Json.Obj view) throws CliFailure {
    String frozen = LeaseView.text(view, "frozen");
    if (!frozen.isEmpty()) {
      console.line(console.red("FROZEN: " + frozen));
    }
    List<Json> all = LeaseView.items(view, "leases");
    if (all.isEmpty()) {
      console.line("no lease is registered");
    }
    for (Json lease : all) {
      lease(console, LeaseView.of((Json.Obj) lease));
    }
  }

  private static void lease(Console console, LeaseView l) {
    String state = l.state().name();
    console.line(
        console.bold("lease " + l.id())
            + "  "
            + (l.state() == LeaseState.ACTIVE ? console.green(state) : console.red(state))
            + "  "
            + l.model());
    console.fact(
        "", bar(l.headline(l.budget()), l.headline(l.settled()), l.headline(l.reserved())));
    console.fact("budget", Amounts.inWords(l.budget()));
    console.fact("proven use", Amounts.inWords(l.settled()));
    console.fact(
        "X",
        (l.xKnown() ? "" : "unknown, at most ")
            + Amounts.inWords(l.x())
            + "  (promised and not yet proven used)");
    Exposure.residual(console, l.residual());
    console.fact("version/cseq", l.version() + " / " + l.cseq());
    for (LeaseView.Instance i : l.instances()) {
      console.fact(
          "enclave",
          i.id()
              + "  "
              + i.state()
              + "  used "
              + l.headline(i.used())
              + " of "
              + l.headline(i.allow())
              + "; "
              + LeaseView.inWords(i));
    }
  }

  /** Proven use, what is promised beyond it, and what is left. */
  private static String bar(long budget, long settled, long reserved) {
    int full = cells(settled, budget);
    int promised = Math.max(full, cells(reserved, budget));
    return "["
        + "#".repeat(full)
        + "+".repeat(promised - full)
        + ".".repeat(BAR - promised)
        + "]  # proven  + promised  . left";
  }

  private static int cells(long part, long whole) {
    return whole == 0 ? 0 : (int) Math.min(BAR, Math.ceilDiv(part * BAR, whole));
  }
}
