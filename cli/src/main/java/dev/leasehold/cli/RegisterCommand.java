package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leasehold register}: hands signed statements to the custodian's server. */
@Command(
    name = "register",
    description = "Registers signed statements with the custodian, in the order given.")
final class RegisterCommand implements Callable<Integer> {
  @Mixin private CustodianOptions custodian;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "files from 'approve' or 'seal'")
  private List<Path> files;

  @Override
  public Integer call() throws CliFailure {
    CustodianClient client = custodian.connect();
    Console console = Console.standard();
    for (Path file : files) {
      Envelope envelope = LocalFiles.readEnvelope(file);
      StandingKind kind = StandingKind.ofPayloadType(envelope.payloadType());
      if (kind == StandingKind.order) {
        Exposure.after(console, action(file, envelope), client.order(envelope));
      } else {
        Bundles.Registered reply = client.register(kind, envelope);
        console.fact(kind.name(), reply.hash() + "  " + file);
      }
    }
    return 0;
  }

  private static Order.Action action(Path file, Envelope order) throws CliFailure {
    try {
      return Statements.ORDER.decode(order.payload().toArray()).action();
    } catch (Malformed m) {
      throw CliFailure.of(file + " is not an order", m, "sign it anew");
    }
  }
}
