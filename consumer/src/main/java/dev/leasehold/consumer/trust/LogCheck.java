package dev.leasehold.consumer.trust;

import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.ConsistencyProof;
import java.util.Optional;

/**
 * Whether the custodian's log, as this relay shows it, only grew since the proxy saw it last
 * (protocol §11.1 check 6). A custodian that shows different histories to different people must
 * keep them apart for ever.
 */
public final class LogCheck {
  private static final String CHECK = "checkpoint";
  private static final String REMEDY =
      "do not use this relay until the custodian has explained why its log shows two histories;"
          + " keep this message";

  private final Source source;
  private final SeenCheckpoint last;

  /** Where proofs about the log come from. */
  @FunctionalInterface
  public interface Source {
    /** That the tree of {@code to} entries begins with that of {@code from}. */
    ConsistencyProof consistency(long from, long to) throws CheckFailed;
  }

  public LogCheck(Source source, SeenCheckpoint last) {
    this.source = source;
    this.last = last;
  }

  /**
   * The checkpoint is the log's, it and the staple tell one story, and so do it and the last one.
   *
   * @param note empty while the relay has seen none; that is believed only until one was seen
   */
  synchronized void check(String note, Roster.Log log, Staple staple) throws CheckFailed {
    Optional<Checkpoint> before = last.newest(log);
    if (note.isEmpty() && before.isEmpty()) {
      return;
    }
    Checkpoint seen =
        CheckFailed.opening(CHECK, REMEDY, () -> Checkpoint.parse(note, log.origin(), log.key()));
    LogRef named = staple.log();
    if (named.size() == seen.size()) {
      CheckFailed.requireSame(CHECK, "staple.log.root", seen.root(), named.root(), REMEDY);
    }
    if (before.isPresent()) {
      oneHistory(before.get(), seen);
    }
    if (before.isEmpty() || before.get().size() < seen.size()) {
      last.keep(note);
    }
  }

  /** Relays may lag behind one another: either may be the older one. */
  private void oneHistory(Checkpoint before, Checkpoint seen) throws CheckFailed {
    if (before.size() == seen.size()) {
      CheckFailed.requireSame(CHECK, "root", before.root(), seen.root(), REMEDY);
      return;
    }
    Checkpoint older = before.size() < seen.size() ? before : seen;
    Checkpoint newer = before.size() < seen.size() ? seen : before;
    ConsistencyProof proof = source.consistency(older.size(), newer.size());
    CheckFailed.opening(
        CHECK,
        REMEDY,
        () -> {
          proof.check(older, newer);
          return newer;
        });
  }
}
