package dev.leasehold.cli;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Cessation;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Collecting a proof of cessation, checking it here, and keeping it. */
final class ProofOptions {
  @Option(
      names = "--out",
      description = "where the proof of cessation goes; 'proof check' reads it")
  private @Nullable Path out;

  @Mixin private KnownApprovers approvers;

  /** Takes what there is of the proof, checks every signature in it, and says what it proves. */
  boolean take(CustodianClient client, Id lease, String token, Console console) throws CliFailure {
    Bundles.CessationFile file = gather(client, lease, token);
    Cessation proof = check("The proof from the custodian", file, approvers);
    if (out != null) {
      LocalFiles.write(out, Bundle.text(Bundles.CessationFile.class, file));
    }
    ProofText.print(console, proof, approvers.isKnown());
    if (out != null) {
      console.fact("written to", out);
    }
    return proof.isComplete();
  }

  /** Verifies a proof, against the approvers that are known or else those it names itself. */
  static Cessation check(String what, Bundles.CessationFile file, KnownApprovers approvers)
      throws CliFailure {
    try {
      Hash set = approvers.isKnown() ? approvers.set() : Cessation.claimedApprovers(file);
      return Cessation.verify(file, set);
    } catch (Malformed m) {
      throw CliFailure.of(what + " does not hold", m, "do not rely on it; ask for it again");
    } catch (BadSignature e) {
      throw new CliFailure(what + " does not hold: " + e.getMessage());
    }
  }

  private static Bundles.CessationFile gather(CustodianClient client, Id lease, String token)
      throws CliFailure {
    Bundles.LeaseBundle standing = client.bundle(lease.hex());
    List<Bundles.CommandItem> stops = new ArrayList<>();
    for (Bundles.CommandItem item : client.commands(lease, token).commands()) {
      if (endsTheLease(item.command())) {
        stops.add(item);
      }
    }
    List<Bundles.Ending> endings = new ArrayList<>();
    for (LeaseView.Instance i : client.lease(lease, token).instances()) {
      if (i.state() != InstanceState.CHALLENGED) {
        endings.add(client.ending(i.id(), token));
      }
    }
    return new Bundles.CessationFile(standing.roster(), standing.lease(), stops, endings);
  }

  private static boolean endsTheLease(Envelope command) throws CliFailure {
    try {
      Command c = Statements.COMMAND.decode(command.payload().toArray());
      return c.type() == Command.Type.REVOKE && c.instanceId().equals(Target.ALL);
    } catch (Malformed m) {
      throw CliFailure.of("The custodian's answer is not understood", m, "check its version");
    }
  }
}
