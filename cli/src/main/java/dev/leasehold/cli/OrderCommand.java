package dev.leasehold.cli;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The orders of protocol §6.4, one verb each. The signature is made here, over the exact bytes, and
 * the custodian answers with what can still be consumed.
 */
abstract class OrderCommand implements Callable<Integer> {
  private final Order.Action action;

  @Parameters(paramLabel = "LEASE", description = "the lease's id")
  private String leaseId;

  @Option(names = "--key", required = true, description = "private key of an operator or approver")
  private Path key;

  @Option(names = "--reason", defaultValue = "", description = "why, for the record")
  private String reason;

  @Option(
      names = "--save",
      description = {
        "sign the order into this file and do not send it: others sign it with 'approve order',",
        "and 'register' sends it"
      })
  private @Nullable Path save;

  @Option(names = "--valid-minutes", defaultValue = "10", description = "until it must be sent")
  private long validMinutes;

  @Mixin private CustodianOptions custodian;

  OrderCommand(Order.Action action) {
    this.action = action;
  }

  @Override
  public Integer call() throws CliFailure {
    Envelope order =
        Dsse.sign(Statements.ORDER, order(), LocalFiles.readPrivateKey(key)).envelope();
    Console console = Console.standard();
    if (save != null) {
      LocalFiles.write(save, order.write());
      console.fact("order", order.hash() + "  " + save);
      return 0;
    }
    return give(client(), order, console);
  }

  /** Sends the order and says what the custodian answered. */
  int give(CustodianClient client, Envelope order, Console console) throws CliFailure {
    Exposure.after(console, action, client.order(order));
    return 0;
  }

  final CustodianClient client() throws CliFailure {
    return custodian.connect();
  }

  /** What else the order says: which enclave, which machine, as of when. */
  abstract Scope scope();

  /** The part of an order that only some actions have. */
  record Scope(Target instance, long leaseVersion, long afterCseq, Map<String, String> args) {
    static final Scope WHOLE = new Scope(Target.ALL, 0, 0, Map.of());
  }

  final Id leaseId() throws CliFailure {
    try {
      return new Id(leaseId);
    } catch (IllegalArgumentException e) {
      throw unfit(e);
    }
  }

  private Order order() throws CliFailure {
    byte[] nonce = new byte[Nonce.BYTES];
    new SecureRandom().nextBytes(nonce);
    long now = System.currentTimeMillis();
    try {
      Scope scope = scope();
      return new Order(
          action,
          leaseId(),
          scope.instance(),
          scope.leaseVersion(),
          scope.afterCseq(),
          scope.args(),
          reason,
          Nonce.of(nonce),
          now,
          now + Duration.ofMinutes(validMinutes).toMillis(),
          List.of());
    } catch (IllegalArgumentException e) {
      throw unfit(e);
    }
  }

  private static CliFailure unfit(IllegalArgumentException e) {
    return new CliFailure(
        "This order cannot be",
        "ids of 32 lowercase hex digits",
        String.valueOf(e.getMessage()),
        "see 'show'");
  }

  @Command(name = "resume", description = "Lifts a suspension (needs the approvers' quorum).")
  static final class Resume extends OrderCommand {
    @Option(names = "--lease-version", defaultValue = "1", description = "as 'show' says")
    private long leaseVersion;

    @Option(names = "--after-cseq", required = true, description = "as 'show' says")
    private long afterCseq;

    Resume() {
      super(Order.Action.RESUME);
    }

    @Override
    Scope scope() {
      return new Scope(Target.ALL, leaseVersion, afterCseq, Map.of());
    }
  }

  @Command(name = "recall", description = "Makes every enclave of a lease attest anew.")
  static final class Recall extends OrderCommand {
    Recall() {
      super(Order.Action.RECALL);
    }

    @Override
    Scope scope() {
      return Scope.WHOLE;
    }
  }

  @Command(
      name = "write-off",
      description = "Gives up a fenced enclave; shown as residual for ever.")
  static final class WriteOff extends OrderCommand {
    @Option(names = "--instance", required = true, description = "the enclave, as 'show' says")
    private String instance;

    WriteOff() {
      super(Order.Action.WRITE_OFF);
    }

    @Override
    Scope scope() {
      return new Scope(new Target(instance), 0, 0, Map.of());
    }
  }
}
