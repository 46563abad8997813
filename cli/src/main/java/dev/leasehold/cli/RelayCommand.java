package dev.leasehold.cli;

import dev.leasehold.borrower.Relay;
import dev.leasehold.borrower.RelayConfig;
import dev.leasehold.borrower.books.Books;
import dev.leasehold.borrower.books.Statement;
import dev.leasehold.borrower.evidence.EvidenceExport;
import dev.leasehold.borrower.journal.Journal;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold relay}: the borrower's carrier between the enclave and the custodian. */
@Command(
    name = "relay",
    description = "Carries signed messages on the borrower's host and keeps them as evidence.",
    subcommands = {
      RelayCommand.New.class,
      RelayCommand.Run.class,
      RelayCommand.Show.class,
      RelayCommand.Export.class
    })
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

  @Command(
      name = "show",
      description = {
        "Shows the borrower's own account of its lease, computed from signed messages alone.",
        "The relay may be running. Exit code 1: there are alarms."
      })
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "configuration from 'relay new'")
    private Path config;

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    @Override
    public Integer call() throws CliFailure {
      RelayConfig loaded = load(config);
      Books books = new Books(loaded.leaseId());
      read(loaded, () -> Journal.read(Relay.journal(loaded), books::observe));
      Statement account = books.statement(InstantSource.system().millis());
      Console console = Console.standard();
      if (json) {
        console.piece(PrettyJson.write(Codec.of(Statement.class).encode(account)));
      } else {
        BorrowersAccount.print(console, account);
      }
      return account.alarms().isEmpty() ? 0 : 1;
    }
  }

  @Command(
      name = "export",
      description = {
        "Writes what a relay has kept as an evidence bundle for 'leasehold audit --offline'.",
        "The relay may be running."
      })
  static final class Export implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "configuration from 'relay new'")
    private Path config;

    @Option(names = "--out", required = true, description = "where the bundle goes")
    private Path out;

    @Override
    public Integer call() throws CliFailure {
      RelayConfig loaded = load(config);
      long statements =
          read(
              loaded,
              () ->
                  EvidenceExport.write(
                      Relay.journal(loaded), loaded.leaseId(), InstantSource.system(), out));
      Console console = Console.standard();
      console.fact("lease", loaded.leaseId());
      console.fact("statements", statements);
      console.fact("bundle", out);
      return 0;
    }
  }

  /** Something that is done with a relay's journal. */
  @FunctionalInterface
  private interface Reading {
    long run() throws IOException, Malformed;
  }

  private static long read(RelayConfig relay, Reading reading) throws CliFailure {
    Path journal = Relay.journal(relay);
    try {
      return reading.run();
    } catch (NoSuchFileException e) {
      throw new CliFailure(
          "No file " + e.getFile(),
          "the journal of a relay that has run",
          "none",
          "name the configuration that the relay runs with");
    } catch (IOException e) {
      throw new CliFailure("Cannot read " + journal + ": " + e.getMessage());
    } catch (Malformed m) {
      throw CliFailure.of(journal + " is damaged", m, "restore it from a copy");
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
