package dev.leasehold.cli;

import dev.leasehold.core.dsse.KeyRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The set of approvers: who they are, and how many of them it takes. */
final class ApproverOptions {
  @Option(names = "--approver", required = true, description = "public key file; repeatable")
  private List<Path> approvers;

  @Option(names = "--threshold", defaultValue = "1", description = "approvers needed to grant")
  private long threshold;

  List<KeyRecord> keys() throws CliFailure {
    List<KeyRecord> keys = new ArrayList<>();
    for (Path file : approvers) {
      keys.add(LocalFiles.readPublicKey(file));
    }
    return keys;
  }

  long threshold() {
    return threshold;
  }
}
