package dev.leasehold.cli;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.Roster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The approvers whose word counts, where the caller can say who they are. */
final class KnownApprovers {
  @Option(
      names = "--approver",
      description = "public key file of an approver one knows; repeatable, all of them")
  private List<Path> files = List.of();

  @Option(names = "--threshold", defaultValue = "1", description = "approvers needed to grant")
  private long threshold;

  /** False when the caller takes the approvers that a statement names itself. */
  boolean isKnown() {
    return !files.isEmpty();
  }

  Hash set() throws CliFailure {
    List<KeyRecord> keys = new ArrayList<>();
    for (Path file : files) {
      keys.add(LocalFiles.readPublicKey(file));
    }
    return Roster.approverSet(threshold, keys);
  }
}
