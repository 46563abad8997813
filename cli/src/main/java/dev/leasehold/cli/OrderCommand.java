package dev.leasehold.cli;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The orders of protocol §6.4, one verb each. The signature is made here, over the exact bytes; for
 * a stop the custodian answers with X, the most that can still be consumed.
 */
abstract class OrderCommand implements Callable<Integer> {
  private static final Duration VALID = Duration.ofMinutes(10);

  private final Order.Action action;

  @Parameters(paramLabel = "LEASE", description = "the lease's id")
  private String leaseId;

  @Option(names = "--key", required = true, description = "private key of an operator or approver")
  private Path key;

  @Option(names = "--reason", defaultValue = "", description = "why, for the record")
  private String reason;

  @Option(names = "--instance", description = "one instance (default: all of the lease)")
  private @Nullable String instance;

  @Option(names = "--platform", description = "the machine to quarantine")
  private @Nullable String platform;

  @Option(names = "--lease-version", defaultValue = "1", description = "as 'show' says; for resume")
  private long leaseVersion;

  @Option(names = "--after-cseq", defaultValue = "0", description = "as 'show' says; for resume")
  private long afterCseq;

  @Mixin private CustodianOptions custodian;

  OrderCommand(Order.Action action) {
    this.action = action;
  }

  @Override
  public Integer call() throws CliFailure {
    Ed25519Signer signer = LocalFiles.readPrivateKey(key);
    Envelope order = Dsse.sign(Statements.ORDER, order(), signer).envelope();
    Bundles.OrderReply reply = custodian.connect().order(order);
    Console console = Console.standard();
    console.line(console.bold(action + " committed") + " by the custodian");
    console.fact("order", reply.hash());
    if (action.stops()) {
      explain(console, reply);
    }
    return 0;
  }

  /** The number on the button. */
  private static void explain(Console console, Bundles.OrderReply reply) {
    console.fact("X", describe(reply.x()) + ": the most that can still be consumed, ever");
    console.fact(
        "unresolved",
        reply.unresolved().isEmpty()
            ? "none: nothing can be consumed any more"
            : reply.unresolved().size() + " enclave(s) have not yet proven that they stopped");
    reply.unresolved().forEach(i -> console.fact("", i));
    if (!reply.residual().isZero()) {
      console.fact("residual", describe(reply.residual()) + ": written off, never proven unused");
    }
  }

  private static String describe(Vec v) {
    return v.outputTokens() > 0 || v.requests() == 0
        ? v.outputTokens() + " output tokens, " + v.requests() + " requests"
        : v.requests() + " requests";
  }

  private Order order() throws CliFailure {
    byte[] nonce = new byte[Nonce.BYTES];
    new SecureRandom().nextBytes(nonce);
    long now = System.currentTimeMillis();
    Map<String, String> args = new HashMap<>();
    if (platform != null) {
      args.put("platformId", platform);
    }
    try {
      return new Order(
          action,
          new Id(leaseId),
          instance == null ? Target.ALL : new Target(instance),
          leaseVersion,
          afterCseq,
          args,
          reason,
          Nonce.of(nonce),
          now,
          now + VALID.toMillis(),
          List.of());
    } catch (IllegalArgumentException e) {
      throw new CliFailure(
          "This order cannot be",
          "ids of 32 lowercase hex digits",
          String.valueOf(e.getMessage()),
          "see 'show'");
    }
  }

  @Command(name = "revoke", description = "The off-switch: ends a lease for ever.")
  static final class Revoke extends OrderCommand {
    Revoke() {
      super(Order.Action.REVOKE);
    }
  }

  @Command(name = "suspend", description = "Holds a lease until a quorum resumes it.")
  static final class Suspend extends OrderCommand {
    Suspend() {
      super(Order.Action.SUSPEND);
    }
  }

  @Command(name = "resume", description = "Lifts a suspension (needs an approver).")
  static final class Resume extends OrderCommand {
    Resume() {
      super(Order.Action.RESUME);
    }
  }

  @Command(name = "drain", description = "Lets enclaves finish what they do, then end.")
  static final class Drain extends OrderCommand {
    Drain() {
      super(Order.Action.DRAIN);
    }
  }

  @Command(name = "quarantine", description = "Fences a machine: it gets nothing more.")
  static final class Quarantine extends OrderCommand {
    Quarantine() {
      super(Order.Action.QUARANTINE);
    }
  }

  @Command(name = "recall", description = "Makes every enclave of a lease attest anew.")
  static final class Recall extends OrderCommand {
    Recall() {
      super(Order.Action.RECALL);
    }
  }

  @Command(
      name = "write-off",
      description = "Gives up a fenced enclave; shown as residual for ever.")
  static final class WriteOff extends OrderCommand {
    WriteOff() {
      super(Order.Action.WRITE_OFF);
    }
  }
}
