package dev.leasehold.cli;

import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
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
    String bearer = new String(LocalFiles.read(token), StandardCharsets.US_ASCII).strip();
    String path = leaseId == null ? "/v1/leases" : "/v1/leases/" + leaseId;
    Json.Obj view = custodian.connect().get(path, bearer);
    Console console = Console.standard();
    if (json) {
      console.piece(PrettyJson.write(view));
    } else if (leaseId != null) {
      lease(console, view);
    } else {
      leases(console, view);
    }
    return 0;
  }

  private static void leases(Console console, Json.Obj view) {
    String frozen = text(view, "frozen");
    if (!frozen.isEmpty()) {
      console.line(console.red("FROZEN: " + frozen));
    }
    List<Json> all = items(view, "leases");
    if (all.isEmpty()) {
      console.line("no lease is registered");
    }
    all.forEach(l -> lease(console, (Json.Obj) l));
  }

  private static void lease(Console console, Json.Obj l) {
    String unit = text(l, "headline");
    long budget = amount(l, "budget", unit);
    long settled = amount(l, "settled", unit);
    long reserved = amount(l, "reserved", unit);
    String state = text(l, "state");
    console.line(
        console.bold("lease " + text(l, "leaseId"))
            + "  "
            + (state.equals("ACTIVE") ? console.green(state) : console.red(state))
            + "  "
            + text(l, "model"));
    console.fact("", bar(budget, settled, reserved));
    console.fact("budget", budget + " " + unit);
    console.fact("proven use", settled);
    console.fact(
        "X",
        (flag(l, "xKnown") ? "" : "unknown, at most ")
            + amount(l, "x", unit)
            + "  (promised and not yet proven used)");
    if (amount(l, "residual", unit) > 0) {
      console.fact("residual", amount(l, "residual", unit) + "  (written off)");
    }
    console.fact("version/cseq", number(l, "version") + " / " + number(l, "cseq"));
    for (Json i : items(l, "instances")) {
      Json.Obj instance = (Json.Obj) i;
      console.fact(
          "enclave",
          text(instance, "instanceId")
              + "  "
              + text(instance, "state")
              + "  used "
              + amount(instance, "used", unit)
              + " of "
              + amount(instance, "allow", unit));
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

  private static String text(Json.Obj o, String name) {
    return o.get(name).orElse(null) instanceof Json.Str(String s) ? s : "";
  }

  private static long number(Json.Obj o, String name) {
    return o.get(name).orElse(null) instanceof Json.Int(long n) ? n : 0;
  }

  private static boolean flag(Json.Obj o, String name) {
    return o.get(name).orElse(null) instanceof Json.Bool(boolean b) && b;
  }

  private static long amount(Json.Obj o, String name, String unit) {
    return o.get(name).orElse(null) instanceof Json.Obj v ? number(v, unit) : 0;
  }

  private static List<Json> items(Json.Obj o, String name) {
    return o.get(name).orElse(null) instanceof Json.Arr(var items) ? items : List.of();
  }
}
