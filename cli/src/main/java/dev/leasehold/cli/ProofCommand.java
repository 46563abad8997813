package dev.leasehold.cli;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Cessation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold proof}: that the enclaves of a lease have ceased, for whoever asks later. */
@Command(
    name = "proof",
    description = "Fetches and checks the proof that the enclaves of a lease have ceased.",
    subcommands = {ProofCommand.Fetch.class, ProofCommand.Check.class})
final class ProofCommand {
  private static final int MAX_FILE = 64 << 20;

  private static final String INCOMPLETE = "Exit code 3 while some enclave has not ceased.";

  @Command(
      name = "fetch",
      description = {"Takes the proof of cessation from the custodian and checks it.", INCOMPLETE})
  static final class Fetch implements Callable<Integer> {
    @Parameters(paramLabel = "LEASE", description = "the lease's id")
    private String leaseId;

    @Option(names = "--token", required = true, description = "file made by 'custodian token'")
    private Path token;

    @Mixin private ProofOptions proof;

    @Mixin private CustodianOptions custodian;

    @Override
    public Integer call() throws CliFailure {
      Id lease;
      try {
        lease = new Id(leaseId);
      } catch (IllegalArgumentException e) {
        throw new CliFailure("LEASE: " + e.getMessage());
      }
      boolean complete =
          proof.take(custodian.connect(), lease, LocalFiles.readToken(token), Console.standard());
      return complete ? 0 : StopCommand.Ending.UNRESOLVED;
    }
  }

  @Command(
      name = "check",
      description = {"Checks a proof of cessation with public keys alone.", INCOMPLETE})
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "written by 'proof fetch' or 'revoke --wait'")
    private Path file;

    @Mixin private KnownApprovers approvers;

    @Override
    public Integer call() throws CliFailure {
      Bundles.CessationFile read;
      try {
        read = Bundle.parse(Bundles.CessationFile.class, LocalFiles.read(file, MAX_FILE), MAX_FILE);
      } catch (Malformed m) {
        throw CliFailure.of(file + " is no proof of cessation", m, "name a file of 'proof fetch'");
      }
      Cessation proof = ProofOptions.check(file.toString(), read, approvers);
      ProofText.print(Console.standard(), proof, approvers.isKnown());
      return proof.isComplete() ? 0 : StopCommand.Ending.UNRESOLVED;
    }
  }
}
