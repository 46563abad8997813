package dev.leasehold.cli.demo;

import dev.leasehold.cli.CliFailure;
import dev.leasehold.cli.Console;
import dev.leasehold.cli.CustodianCommand;
import dev.leasehold.cli.EnclaveLaunch;
import dev.leasehold.cli.HostPort;
import dev.leasehold.cli.ProxyCommand;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.testkit.platform.LaunchMeasurement;
import dev.leasehold.testkit.platform.SimulatedPlatform;
import dev.leasehold.testkit.platform.SimulatedVm;
import dev.leasehold.testkit.snp.SimulatedAnchors;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;

/** The production programs with one thing exchanged: the hardware they believe in is forged. */
final class SimulatedParties {
  private static final String SIMULATED =
      "  [SIMULATED hardware: no confidentiality, for trying things out]";

  private SimulatedParties() {}

  static int machine(Path out) throws CliFailure {
    try {
      SimulatedPlatform platform = SimulatedPlatform.create(new SecureRandom());
      platform.save(out);
      platform.publishRevocations(out, Instant.now());
      Console console = Console.standard();
      console.fact("SIMULATED", "an AMD EPYC Genoa machine with its own root of trust");
      console.fact("platform id", platform.chip().platformId());
      Files.writeString(out.resolve("platform-id"), platform.chip().platformId());
      return 0;
    } catch (IOException e) {
      throw new CliFailure("Cannot forge a machine in " + out + ": " + e.getMessage());
    }
  }

  static int measure(Path program, Path out) throws CliFailure {
    try {
      String measurement = LaunchMeasurement.of(program).hex();
      Files.writeString(out, measurement + "\n");
      Console.standard().fact("measurement", measurement);
      return 0;
    } catch (IOException e) {
      throw new CliFailure("Cannot measure " + program + ": " + e.getMessage());
    }
  }

  static int custodian(Path dir, HostPort listen, Path machine)
      throws CliFailure, InterruptedException {
    try {
      Path collateral = Files.createDirectories(dir.resolve("collateral"));
      Files.write(
          collateral.resolve("simulated.crl"), SimulatedPlatform.revocations(machine).encoded());
      return CustodianCommand.serve(dir, listen, anchors(machine), SIMULATED);
    } catch (IOException | Malformed e) {
      throw unusable(machine, e);
    }
  }

  static int vm(Path machine, Path program, URI relay, String listen)
      throws CliFailure, InterruptedException {
    EnclaveLaunch launch = EnclaveLaunch.of(program, relay, listen, tsmEntry(machine));
    try (SimulatedVm vm =
        new SimulatedVm(
            SimulatedPlatform.load(machine, new SecureRandom()).chip(),
            launch.program(),
            launch.tsm())) {
      ProcessBuilder builder =
          new ProcessBuilder(launch.command()).directory(launch.program().toFile()).inheritIO();
      builder.environment().clear();
      Process process = vm.start(builder);
      launch.endsWithUs(process);
      Console console = Console.standard();
      console.fact("measurement", vm.measurement());
      console.line("SIMULATED confidential VM started, process " + process.pid());
      return process.waitFor();
    } catch (IOException | Malformed e) {
      throw unusable(machine, e);
    }
  }

  static int proxy(Path trust, URI relay, HostPort listen, Path receipts, Path machine)
      throws CliFailure, InterruptedException {
    try {
      Path collateral =
          Files.createDirectories(receipts.toAbsolutePath().resolveSibling("collateral"));
      Files.write(
          collateral.resolve("simulated.crl"), SimulatedPlatform.revocations(machine).encoded());
      return ProxyCommand.serve(
          trust, relay, listen, receipts, collateral, anchors(machine), SIMULATED);
    } catch (IOException | Malformed e) {
      throw unusable(machine, e);
    }
  }

  private static Path tsmEntry(Path machine) {
    return machine.resolve("tsm-" + ProcessHandle.current().pid()).toAbsolutePath();
  }

  private static Anchors anchors(Path machine) throws IOException, Malformed {
    return SimulatedAnchors.read(SimulatedPlatform.authority(machine));
  }

  private static CliFailure unusable(Path machine, Exception e) {
    return new CliFailure(
        "Cannot use the simulated machine in " + machine,
        "a folder made by 'leasehold demo machine'",
        String.valueOf(e.getMessage()),
        "make a new one");
  }
}
