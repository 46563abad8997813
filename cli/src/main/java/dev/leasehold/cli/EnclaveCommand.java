package dev.leasehold.cli;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Roster;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code leasehold enclave}: the program that is measured, and starting it in a confidential VM.
 */
@Command(
    name = "enclave",
    description = "Prepares and runs the program inside the confidential VM.",
    subcommands = {EnclaveCommand.Prepare.class, EnclaveCommand.Run.class})
final class EnclaveCommand {

  @Command(
      name = "prepare",
      description = {
        "Copies the enclave program and fixes in it who its approvers are.",
        "The directory is then measured: any change makes it another program."
      })
  static final class Prepare implements Callable<Integer> {
    @Mixin private ApproverOptions approvers;

    @Option(names = "--out", required = true, description = "the program directory to make")
    private Path out;

    @Override
    public Integer call() throws CliFailure {
      List<KeyRecord> keys = approvers.keys();
      copy(builtProgram(), out);
      byte[] config = config(keys).write().getBytes(StandardCharsets.UTF_8);
      LocalFiles.write(
          out.resolve("enclave-config.json"), new String(config, StandardCharsets.UTF_8));
      Hash approverSet = Roster.approverSet(approvers.threshold(), keys);
      Console console = Console.standard();
      console.fact("program", out);
      console.fact("config", Digests.sha256(config));
      console.fact("approver set", approverSet);
      return 0;
    }

    private Json.Obj config(List<KeyRecord> keys) {
      List<Json.Obj> records = keys.stream().map(k -> Codec.of(KeyRecord.class).encode(k)).toList();
      return Json.Obj.EMPTY
          .with("v", 1)
          .with(
              "approvers",
              Json.Obj.EMPTY
                  .with("threshold", approvers.threshold())
                  .with("keys", Json.Arr.of(records)))
          .with("clock", "none")
          .with("rhoPermille", 0);
    }

    private static Path builtProgram() throws CliFailure {
      String built = System.getProperty("leasehold.program", "");
      if (built.isEmpty() || !Files.isDirectory(Path.of(built))) {
        throw new CliFailure(
            "No enclave program is built",
            "the folder named by -Dleasehold.program",
            built.isEmpty() ? "none named" : built,
            "start with ./leasehold, which builds it");
      }
      return Path.of(built);
    }

    private static void copy(Path from, Path to) throws CliFailure {
      if (Files.exists(to)) {
        throw new CliFailure(to + " exists already", "a new directory", "one", "name another");
      }
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      } catch (IOException e) {
        throw new CliFailure("Cannot copy the enclave program to " + to + ": " + e.getMessage());
      }
    }
  }

  @Command(
      name = "run",
      description = {
        "Runs the enclave program inside this confidential VM.",
        "Asks the kernel for its reports through configfs-tsm; without it there is no enclave."
      })
  static final class Run implements Callable<Integer> {
    @Option(names = "--program", required = true, description = "directory made by 'prepare'")
    private Path program;

    @Option(names = "--relay", required = true, description = "the relay's inner address")
    private URI relay;

    @Option(names = "--listen", defaultValue = "127.0.0.1:8700", description = "host:port")
    private String listen;

    @Option(
        names = "--tsm",
        defaultValue = "/sys/kernel/config/tsm/report/leasehold",
        description = "the configfs-tsm entry to ask for reports")
    private Path tsm;

    @Override
    public Integer call() throws CliFailure {
      Path reports = tsm.toAbsolutePath().getParent();
      if (reports == null || !Files.isDirectory(reports)) {
        throw new CliFailure(
            "This machine cannot attest",
            "the kernel's report interface " + reports,
            "no such folder",
            "run inside an AMD SEV-SNP guest with Linux 6.7 or later, mount configfs, and load the"
                + " sev-guest module; to try without such hardware: leasehold demo");
      }
      EnclaveLaunch launch = EnclaveLaunch.of(program, relay, listen, tsm);
      try {
        ProcessBuilder builder =
            new ProcessBuilder(launch.command()).directory(launch.program().toFile()).inheritIO();
        builder.environment().clear();
        Process process = builder.start();
        launch.endsWithUs(process);
        return process.waitFor();
      } catch (IOException e) {
        throw new CliFailure("The enclave program does not start: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 130;
      }
    }
  }
}
