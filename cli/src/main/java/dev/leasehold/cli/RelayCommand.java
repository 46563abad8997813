package dev.leasehold.cli;

import dev.leasehold.borrower.Relay;
import dev.leasehold.borrower.RelayConfig;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold relay}: the borrower's carrier between the enclave and the custodian. */
@Command(
    name = "relay",
    description = "Carries signed messages on the borrower's host and keeps them as evidence.",
    subcommands = {RelayCommand.New.class, RelayCommand.Run.class})
final class RelayCommand {

  @Command(name = "new", description = "Writes the configuration of a relay.")
  static final class New implements Callable<Integer> {
    @Mixin private CustodianOptions custodian;

    @Option(names = "--lease", required = true, description = "the lease its enclaves run under")
    private String lease;

    @Option(names = "--key", required = true, description = "the borrower's private key (BK)")
    private Path key;

    @Option(names = "--package", required = true, description = "the sealed package's folder")
    private Path modelPackage;

    @Option(names = "--state", required = true, description = "folder for the borrower's evidence")
    private Path state;

    @Option(
        names = "--inner",
        defaultValue = "127.0.0.1:8701",
        description = "enclaves connect here")
    private String inner;

    @Option(
        names = "--outer",
        defaultValue = "127.0.0.1:8702",
        description = "consumers connect here")
    private String outer;

    @Option(
        names = "--console",
        defaultValue = "127.0.0.1:8703",
        description = "the borrower's page")
    private String console;

    @Option(names = "--enclave", defaultValue = "http://127.0.0.1:8700", description = "its URL")
    private URI enclave;

    @Option(names = "--out", required = true, description = "where the configuration goes")
    private Path out;

    @Override
    public Integer call() throws CliFailure {
      Json.Obj config =
          Json.Obj.EMPTY
              .with("custodian", custodian.uri().toString())
              .with("certificate", custodian.pin())
              .with("leaseId", lease)
              .with("tee", "sev-snp")
              .with("borrowerKey", absolute(key))
              .with("state", absolute(state))
              .with("modelPackage", absolute(modelPackage))
              .with("inner", inner)
              .with("outer", outer)
              .with("console", console)
              .with("enclave", enclave.toString());
      LocalFiles.write(out, PrettyJson.write(config));
      load(out);
      Console.standard().fact("relay", out);
      return 0;
    }

    private static String absolute(Path path) {
      return path.toAbsolutePath().normalize().toString();
    }
  }

  @Command(name = "run", description = "Runs a relay until it is stopped.")
  static final class Run implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "configuration from 'relay new'")
    private Path config;

    @Override
    public Integer call() throws CliFailure, InterruptedException {
      RelayConfig loaded = load(config);
      Console console = Console.standard();
      try (Relay relay = Relay.start(loaded)) {
        console.fact("lease", loaded.leaseId());
        console.fact("inner", "http:/" + relay.inner() + "  (for the enclave)");
        console.fact("page", "http:/" + relay.console() + "/");
        console.line("relay listening on http:/" + relay.outer());
        Servers.untilStopped();
        return 0;
      } catch (BindException e) {
        throw Servers.portTaken(e);
      } catch (IOException | Malformed e) {
        throw new CliFailure("The relay cannot run: " + e.getMessage());
      }
    }
  }

  private static RelayConfig load(Path file) throws CliFailure {
    try {
      return RelayConfig.load(file);
    } catch (Malformed m) {
      throw CliFailure.of("Cannot use " + file, m, "correct that field, or write it anew");
    } catch (IOException e) {
      throw new CliFailure("Cannot read " + file + ": " + e.getMessage());
    }
  }
}
