package dev.leasehold.borrower.books;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.InclusionProof;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The custodian's log as this relay has seen it (protocol §10): every grant must be in it, and it
 * may only grow.
 */
public final class LogBook {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final int MAX_PROOF = 1 << 18;

  /** A grant that is to appear in the log. {@code at} is the relay's time of receipt. */
  public record Awaited(Id instance, Signed<Grant> grant, long at) {
    /** Ten seconds and one heartbeat after its receipt. */
    public long due() {
      return at + WITHIN.toMillis() + grant.body().heartbeatMs();
    }
  }

  /** Two checkpoints of different sizes. */
  public record Link(Checkpoint older, Checkpoint newer) {}

  /** A checkpoint and the note that says so. */
  private record Seen(Checkpoint checkpoint, String note) {}

  private final Map<Hash, Awaited> awaited = new LinkedHashMap<>();
  private @Nullable Seen newest;
  private @Nullable Seen unlinked;

  LogBook() {}

  List<Awaited> awaited() {
    return List.copyOf(awaited.values());
  }

  Optional<Link> unlinked() {
    return newest == null || unlinked == null
        ? Optional.empty()
        : Optional.of(link(newest, unlinked));
  }

  String note() {
    return newest == null ? "" : newest.note;
  }

  LogRef ref() {
    return newest == null
        ? LogRef.EMPTY
        : new LogRef(newest.checkpoint.size(), newest.checkpoint.root());
  }

  /** A grant was received; what it says of the log must not contradict what the log says. */
  void expect(Awaited grant, List<GrantCheck.Finding> findings) {
    awaited.put(grant.grant.hash(), grant);
    LogRef said = grant.grant.body().log();
    if (said.size() == ref().size() && !said.equals(ref())) {
      findings.add(new GrantCheck.Finding("grant.log.root", ref().root().hex(), said.root().hex()));
    }
  }

  /** What the log answered when it was asked for a grant, at the latest when that was due. */
  void proof(Entry e, Roster.Log log, List<GrantCheck.Finding> findings) throws Malformed {
    Awaited grant = e.request().map(awaited::remove).orElse(null);
    if (grant == null) {
      return;
    }
    if (!e.isSuccess()) {
      findings.add(
          new GrantCheck.Finding(
              "log.inclusion",
              "grant " + grant.grant.hash() + " in the log within 10 s and one heartbeat",
              "status " + e.status()));
      return;
    }
    InclusionProof proof = Bundle.parse(InclusionProof.class, e.body().toArray(), MAX_PROOF);
    byte[] entry = grant.grant.envelope().write().getBytes(UTF_8);
    Seen seen = new Seen(proof.check(entry, log.origin(), log.key()), proof.note());
    if (newest == null) {
      newest = seen;
    } else if (newest.checkpoint.size() != seen.checkpoint.size()) {
      unlinked = seen;
    } else if (!newest.checkpoint.equals(seen.checkpoint)) {
      findings.add(
          new GrantCheck.Finding(
              "log.fork of size " + seen.checkpoint.size(),
              newest.checkpoint.root().hex(),
              seen.checkpoint.root().hex()));
    }
  }

  /** What the log answered when it was asked how two checkpoints hang together. */
  void consistency(Entry e, List<GrantCheck.Finding> findings) throws Malformed {
    if (newest == null || unlinked == null) {
      return;
    }
    Seen seen = unlinked;
    Link link = link(newest, seen);
    unlinked = null;
    if (!e.isSuccess()) {
      findings.add(
          new GrantCheck.Finding(
              "log.consistency",
              "a proof that checkpoint "
                  + link.newer.size()
                  + " extends checkpoint "
                  + link.older.size(),
              "status " + e.status()));
      return;
    }
    Bundle.parse(ConsistencyProof.class, e.body().toArray(), MAX_PROOF)
        .check(link.older, link.newer);
    if (link.newer.equals(seen.checkpoint)) {
      newest = seen;
    }
  }

  private static Link link(Seen a, Seen b) {
    return a.checkpoint.size() < b.checkpoint.size()
        ? new Link(a.checkpoint, b.checkpoint)
        : new Link(b.checkpoint, a.checkpoint);
  }
}
