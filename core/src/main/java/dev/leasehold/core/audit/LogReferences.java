package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.LogRef;
import java.util.Optional;

/** The checkpoint that the custodian names in what it signs is one of the log that is shown. */
final class LogReferences {
  private final Story story;
  private final LogView log;

  LogReferences(Story story, LogView log) {
    this.story = story;
    this.log = log;
  }

  void check(Statement<?> s) {
    Optional<LogRef> named = reference(s.body());
    if (named.isEmpty()) {
      return;
    }
    Optional<Hash> root = log.rootAt(named.get().size());
    if (root.isPresent()) {
      story.findings.require(
          root.get().equals(named.get().root()),
          Rule.LOG_REFERENCE,
          Findings.Subject.NONE,
          "root " + root.get() + " at size " + named.get().size(),
          "root " + named.get().root(),
          s.hash());
    }
  }

  private static Optional<LogRef> reference(Record body) {
    return switch (body) {
      case Grant g -> Optional.of(g.log());
      case Command c -> Optional.of(c.log());
      case Closure c -> Optional.of(c.log());
      case AppraisalStatement a -> Optional.of(a.log());
      case Challenge c -> Optional.of(c.log());
      case Incident i -> Optional.of(i.log());
      default -> Optional.empty();
    };
  }
}
