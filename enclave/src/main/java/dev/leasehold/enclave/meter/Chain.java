package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The alternating chain of heartbeats and grants, each naming the other's hash, with at most one
 * heartbeat unanswered. That one is resent byte-identical until its answer comes (protocol §6.3).
 */
final class Chain {
  private static final long NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long FIRST_RETRY_MS = 200;
  private static final long LAST_RETRY_MS = 5_000;

  private final Instance me;
  private @Nullable Signed<Grant> lastGrant;
  private @Nullable Signed<Heartbeat> lastSent;
  private boolean answered = true;
  private long firstSent;
  private long resendAt;
  private long retryMs = FIRST_RETRY_MS;

  /** A chain that begins with the evidence, sent at this instant. */
  Chain(Instance me, long evidenceSent) {
    this.me = me;
    this.firstSent = evidenceSent;
  }

  /** When the newest message was first sent: the time that its answer gives counts from here. */
  long firstSent() {
    return firstSent;
  }

  boolean isEnrolled() {
    return lastGrant != null;
  }

  Signed<Grant> grant() {
    if (lastGrant == null) {
      throw new IllegalStateException("grant 0 has not been accepted");
    }
    return lastGrant;
  }

  /** H of the newest accepted grant; before grant 0, H of the evidence (§6.4, final). */
  Hash ack() {
    return lastGrant == null ? me.evidence() : lastGrant.hash();
  }

  Optional<Envelope> grantEnvelope() {
    return Optional.ofNullable(lastGrant).map(Signed::envelope);
  }

  long cseq() {
    return lastGrant == null ? 0 : lastGrant.body().cseq();
  }

  /** The heartbeat that waits for its answer. */
  Optional<Signed<Heartbeat>> outstanding() {
    return answered ? Optional.empty() : Optional.ofNullable(lastSent);
  }

  long nextSeq() {
    return lastSent == null ? 1 : lastSent.body().seq() + 1;
  }

  Hash previous() {
    return lastSent == null ? me.evidence() : lastSent.hash();
  }

  void send(Signed<Heartbeat> heartbeat, long now) {
    lastSent = heartbeat;
    answered = false;
    firstSent = now;
    resendAt = now;
    retryMs = FIRST_RETRY_MS;
  }

  /** The outstanding heartbeat as it goes to the relay, the same bytes each time. */
  Bundles.HeartbeatPost post(Signed<Heartbeat> heartbeat) {
    return new Bundles.HeartbeatPost(heartbeat.envelope(), grant().envelope());
  }

  void accept(Signed<Grant> grant) {
    lastGrant = grant;
    answered = true;
  }

  long resendAt() {
    return resendAt;
  }

  /** Nothing usable came back: wait a little longer each time. */
  void retryLater(long now, long mostMs) {
    retryIn(now, retryMs);
    retryMs = Math.min(2 * retryMs, Math.max(FIRST_RETRY_MS, Math.min(LAST_RETRY_MS, mostMs)));
  }

  /** The custodian has said when to ask again. */
  void retryIn(long now, long afterMs) {
    resendAt = now + Math.max(FIRST_RETRY_MS, afterMs) * NANOS_PER_MS;
  }
}
