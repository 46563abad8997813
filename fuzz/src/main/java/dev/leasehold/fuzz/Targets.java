package dev.leasehold.fuzz;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every target there is. */
public final class Targets {
  public static final List<Target> ALL =
      Stream.of(
              JsonTargets.ALL,
              ProtocolTargets.ALL,
              AuditTargets.ALL,
              LogTargets.ALL,
              PkiTargets.ALL,
              SnpTargets.ALL,
              DcapTargets.ALL,
              NvidiaTargets.ALL,
              TpmTargets.ALL,
              EvidenceTargets.ALL)
          .flatMap(List::stream)
          .toList();

  private Targets() {}

  public static Optional<Target> named(String name) {
    return ALL.stream().filter(t -> t.name().equals(name)).findFirst();
  }
}
