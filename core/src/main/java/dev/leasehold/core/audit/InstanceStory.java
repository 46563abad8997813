package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was said by and to one enclave, as far as the next statement is judged by it. */
final class InstanceStory {
  final Id id;
  final Id leaseId;
  final Findings.Subject subject;
  @Nullable Statement<Challenge> challenge;

  /** The enrolment's; later evidence renews the appraisal, the chain goes on (protocol §6.2). */
  @Nullable Statement<EvidenceStatement> evidence;

  @Nullable Statement<AppraisalStatement> appraisal;
  @Nullable Statement<Grant> first;
  @Nullable Statement<Grant> previous;
  @Nullable Statement<Grant> grant;
  @Nullable Statement<Heartbeat> heartbeat;
  @Nullable Statement<Final> last;
  @Nullable Statement<Closure> closure;
  boolean finalVerified;
  boolean writtenOff;

  /** When the newest message of the enclave passed, by the clock of whoever kept it. */
  long saidAt;

  /** Evidence in its name. Until a grant answers one of them, any may be its own. */
  private final Map<Hash, Statement<EvidenceStatement>> shown = new LinkedHashMap<>();

  final Set<Hash> receiptsFollow = new HashSet<>();
  Vec charged = Vec.ZERO;

  InstanceStory(Id id, Id leaseId) {
    this.id = id;
    this.leaseId = leaseId;
    this.subject = Findings.Subject.instance(leaseId, id);
  }

  void shows(Statement<EvidenceStatement> s) {
    if (grant == null) {
      shown.put(s.hash(), s);
      evidence = s;
    }
  }

  /** Its first grant answers this evidence. */
  void admitted(Hash by) {
    if (grant == null && shown.containsKey(by)) {
      evidence = shown.get(by);
      shown.values().retainAll(Set.of(evidence));
    }
  }

  /** What it showed, and of that only what it was admitted by. */
  Set<Hash> shown() {
    return shown.keySet();
  }

  /** Of the keys in what it showed, one of those that a signature names. */
  Optional<KeyRecord> key(Set<Hash> named) {
    return shown.values().stream()
        .map(e -> e.body().ikRecord())
        .filter(k -> named.contains(k.keyid()))
        .findFirst()
        .or(this::key);
  }

  /** The key it signs with, once its evidence is here. */
  Optional<KeyRecord> key() {
    return Optional.ofNullable(evidence).map(e -> e.body().ikRecord());
  }

  /** The name of that key: of the evidence, or of the grants made to it. */
  Optional<Hash> keyid() {
    return key().map(KeyRecord::keyid).or(() -> Optional.ofNullable(first).map(g -> g.body().ik()));
  }

  void granted(Statement<Grant> next) {
    if (first == null) {
      first = next;
    }
    previous = grant;
    grant = next;
  }

  /** The absolute allowance of its newest grant, or what was used once it is closed. */
  Vec allow() {
    if (closure != null) {
      return closure.body().used();
    }
    return grant == null ? Vec.ZERO : grant.body().allow();
  }

  /** Its last proven use. */
  Vec used() {
    if (closure != null) {
      return closure.body().used();
    }
    return grant == null ? Vec.ZERO : grant.body().used();
  }

  boolean isUnresolved() {
    return grant != null && closure == null && !writtenOff;
  }

  /** H of what the next heartbeat or final follows: the newest heartbeat, or the evidence. */
  Optional<Hash> chainEnd() {
    if (heartbeat != null) {
      return Optional.of(heartbeat.hash());
    }
    return Optional.ofNullable(grant).map(g -> g.body().hb());
  }

  /** The seq of the newest heartbeat that is known to have been sent. */
  long newestSeq() {
    if (heartbeat != null) {
      return heartbeat.body().seq();
    }
    return grantedSeq();
  }

  /** The seq of its newest grant. */
  long grantedSeq() {
    return grant == null ? 0 : grant.body().seq();
  }
}
