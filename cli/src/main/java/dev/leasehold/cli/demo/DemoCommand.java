package dev.leasehold.cli.demo;

import dev.leasehold.cli.CliFailure;
import dev.leasehold.cli.HostPort;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code leasehold demo}. Names nothing of the testkit in its own signatures, so that the other
 * verbs run where the testkit is not.
 */
@Command(
    name = "demo",
    description = {
      "Tells the whole story on this machine, on a SIMULATED confidential VM.",
      "Every claim is checked; the exit code is 0 only if all of them held."
    },
    subcommands = {
      DemoCommand.Machine.class,
      DemoCommand.Measure.class,
      DemoCommand.SimulatedCustodian.class,
      DemoCommand.Vm.class,
      DemoCommand.SimulatedProxy.class
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--stay", description = "keep everything running at the end, and print the URLs")
  private boolean stay;

  @Option(
      names = "--off-switch-runs",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "instead of the story: press the off-switch N times under 8 streams and time it")
  private int offSwitchRuns;

  @Override
  public Integer call() throws Exception {
    return offSwitchRuns > 0 ? OffSwitchBench.run(offSwitchRuns) : Story.tell(stay);
  }

  @Command(
      name = "machine",
      description = "Forges a SIMULATED machine: its own AMD root, its own chip.")
  static final class Machine implements Callable<Integer> {
    @Option(names = "--out", required = true, description = "folder for its keys")
    private Path out;

    @Override
    public Integer call() throws CliFailure {
      return SimulatedParties.machine(out);
    }
  }

  @Command(
      name = "measure",
      description = "The launch measurement a SIMULATED machine takes of a program directory.")
  static final class Measure implements Callable<Integer> {
    @Option(names = "--program", required = true, description = "made by 'enclave prepare'")
    private Path program;

    @Option(names = "--out", required = true, description = "where the measurement goes")
    private Path out;

    @Override
    public Integer call() throws CliFailure {
      return SimulatedParties.measure(program, out);
    }
  }

  @Command(name = "custodian", description = "A custodian that believes a SIMULATED machine.")
  static final class SimulatedCustodian implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "folder made by 'custodian init'")
    private Path dir;

    @Option(names = "--listen", defaultValue = "127.0.0.1:8443", description = "host:port")
    private HostPort listen;

    @Option(names = "--machine", required = true, description = "folder made by 'demo machine'")
    private Path machine;

    @Override
    public Integer call() throws CliFailure, InterruptedException {
      return SimulatedParties.custodian(dir, listen, machine);
    }
  }

  @Command(name = "vm", description = "Runs an enclave program on a SIMULATED machine.")
  static final class Vm implements Callable<Integer> {
    @Option(names = "--machine", required = true, description = "folder made by 'demo machine'")
    private Path machine;

    @Option(names = "--program", required = true, description = "made by 'enclave prepare'")
    private Path program;

    @Option(names = "--relay", required = true, description = "the relay's inner address")
    private URI relay;

    @Option(names = "--listen", defaultValue = "127.0.0.1:8700", description = "host:port")
    private String listen;

    @Override
    public Integer call() throws CliFailure, InterruptedException {
      return SimulatedParties.vm(machine, program, relay, listen);
    }
  }

  @Command(name = "proxy", description = "A consumer's proxy that believes a SIMULATED machine.")
  static final class SimulatedProxy implements Callable<Integer> {
    @Option(names = "--trust", required = true, description = "made by 'proxy trust'")
    private Path trust;

    @Option(names = "--relay", required = true, description = "the relay's outer address")
    private URI relay;

    @Option(names = "--listen", defaultValue = "127.0.0.1:8780", description = "host:port")
    private HostPort listen;

    @Option(names = "--receipts", required = true, description = "folder to keep receipts in")
    private Path receipts;

    @Option(names = "--machine", required = true, description = "folder made by 'demo machine'")
    private Path machine;

    @Override
    public Integer call() throws CliFailure, InterruptedException {
      return SimulatedParties.proxy(trust, relay, listen, receipts, machine);
    }
  }
}
