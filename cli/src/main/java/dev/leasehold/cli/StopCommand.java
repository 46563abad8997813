package dev.leasehold.cli;

import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The off-switch in its four forms. With a token the caller sees X before the click; without one
 * the stop is sent all the same, since nothing may stand between an operator and the switch.
 */
abstract class StopCommand extends OrderCommand {
  @Option(
      names = "--token",
      defaultValue = "${env:LEASEHOLD_TOKEN}",
      description = "file made by 'custodian token': shows X before the stop (or LEASEHOLD_TOKEN)")
  private @Nullable Path token;

  @Option(names = "--dry-run", description = "show X and which enclaves make it up; stop nothing")
  private boolean dryRun;

  StopCommand(Order.Action action) {
    super(action);
  }

  @Override
  public Integer call() throws CliFailure {
    if (!dryRun) {
      return super.call();
    }
    Exposure.before(Console.standard(), client().lease(leaseId(), token()));
    return 0;
  }

  @Override
  int give(CustodianClient client, Envelope order, Console console) throws CliFailure {
    if (token != null) {
      before(client, console);
    }
    return super.give(client, order, console);
  }

  /** What the books cannot show is no reason not to stop. */
  private void before(CustodianClient client, Console console) {
    try {
      Exposure.before(console, client.lease(leaseId(), token()));
    } catch (CliFailure e) {
      console.line(console.yellow("X before the stop is not known here") + ": " + e.getMessage());
    }
    console.blank();
  }

  final String token() throws CliFailure {
    if (token == null) {
      throw new CliFailure(
          "The books are not open to everybody",
          "--token FILE (or LEASEHOLD_TOKEN)",
          "none",
          "make one with 'leasehold custodian token'");
    }
    return LocalFiles.readToken(token);
  }

  /** A stop after which enclaves end, and say so. */
  abstract static class Ending extends StopCommand {
    /** The exit code when time was up and some enclave had not proven that it stopped. */
    static final int UNRESOLVED = 3;

    @Option(
        names = "--wait",
        arity = "0..1",
        paramLabel = "SECONDS",
        fallbackValue = "0",
        description = {
          "wait until each of these enclaves has proven that it stopped; at most so long",
          "(0 or nothing: for ever); exit code 3 if some have not"
        })
    private @Nullable Long wait;

    @Mixin private ProofOptions proof;

    Ending(Order.Action action) {
      super(action);
    }

    /** Whether the order makes this enclave end. */
    abstract Predicate<LeaseView.Instance> ends();

    @Override
    int give(CustodianClient client, Envelope order, Console console) throws CliFailure {
      if (wait != null) {
        // What cannot be waited for is said before the stop, not after it.
        token();
      }
      int code = super.give(client, order, console);
      if (wait == null || code != 0) {
        return code;
      }
      console.blank();
      Waiting waiting = new Waiting(client, leaseId(), token(), console);
      boolean ceased = waiting.until(wait, ends());
      if (waiting.isAway()) {
        console.line("There is no proof yet; 'leasehold proof fetch' fetches it later");
      } else {
        proof.take(client, leaseId(), token(), console);
      }
      return ceased ? 0 : UNRESOLVED;
    }
  }

  @Command(name = "revoke", description = "The off-switch: ends a lease for ever.")
  static final class Revoke extends Ending {
    Revoke() {
      super(Order.Action.REVOKE);
    }

    @Override
    Scope scope() {
      return Scope.WHOLE;
    }

    @Override
    Predicate<LeaseView.Instance> ends() {
      return i -> true;
    }
  }

  @Command(name = "drain", description = "Lets enclaves finish what they do, then end.")
  static final class Drain extends Ending {
    @Option(names = "--instance", description = "one enclave (default: all of the lease)")
    private @Nullable String instance;

    Drain() {
      super(Order.Action.DRAIN);
    }

    @Override
    Scope scope() {
      return new Scope(target(), 0, 0, Map.of());
    }

    @Override
    Predicate<LeaseView.Instance> ends() {
      return i -> target().covers(i.id());
    }

    private Target target() {
      return instance == null ? Target.ALL : new Target(instance);
    }
  }

  @Command(name = "quarantine", description = "Fences a machine: it gets nothing more.")
  static final class Quarantine extends Ending {
    @Option(names = "--platform", required = true, description = "the machine, as 'show' says")
    private String platform;

    Quarantine() {
      super(Order.Action.QUARANTINE);
    }

    @Override
    Scope scope() {
      return new Scope(Target.ALL, 0, 0, Map.of("platformId", platform));
    }

    @Override
    Predicate<LeaseView.Instance> ends() {
      return i -> i.platformId().equals(platform);
    }
  }

  @Command(name = "suspend", description = "Holds a lease until a quorum resumes it.")
  static final class Suspend extends StopCommand {
    Suspend() {
      super(Order.Action.SUSPEND);
    }

    @Override
    Scope scope() {
      return Scope.WHOLE;
    }
  }
}
