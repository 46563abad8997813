package dev.leasehold.borrower.books;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What was said by and to one enclave, as far as the next message is judged by it. */
final class InstanceBook {
  final Id id;
  @Nullable Hash challenge;
  @Nullable Said<EvidenceStatement> enrolment;
  @Nullable Said<Heartbeat> heartbeat;
  @Nullable Hash first;
  @Nullable Signed<Grant> grant;
  @Nullable Said<Final> finalStatement;
  @Nullable Signed<Closure> closure;

  /** When the newest message went out, by the relay's clock, if nothing has answered it. */
  OptionalLong waitingSince = OptionalLong.empty();

  InstanceBook(Id id) {
    this.id = id;
  }

  /** What was said before and is said again is not its last word. */
  void say(Said<Heartbeat> said) {
    if (heartbeat == null || said.body().seq() >= heartbeat.body().seq()) {
      heartbeat = said;
    }
  }

  /** True for the answer to something that was said before its last word, or to its evidence. */
  boolean isBehind(Signed<Grant> answer) {
    long seq = answer.body().seq();
    return grant != null && (seq == 0 || seq < grant.body().seq());
  }

  Vec allow() {
    if (closure != null) {
      return closure.body().used();
    }
    return grant == null ? Vec.ZERO : grant.body().allow();
  }

  /** The answer to what it said last was lost on its way: the allowance may be higher. */
  boolean mayMissAGrant() {
    return grant == null || (heartbeat != null && heartbeat.body().seq() > grant.body().seq());
  }

  Vec used() {
    if (closure != null) {
      return closure.body().used();
    }
    return grant == null ? Vec.ZERO : grant.body().used();
  }

  Vec refund() {
    return closure == null ? Vec.ZERO : closure.body().refund();
  }

  Statement.Standing standing() {
    if (closure != null) {
      return Statement.Standing.CLOSED;
    }
    return grant == null ? Statement.Standing.CHALLENGED : Statement.Standing.UNRESOLVED;
  }

  Statement.InstanceLine line() {
    return new Statement.InstanceLine(
        id,
        standing(),
        grant == null ? 0 : grant.body().seq(),
        allow(),
        used(),
        refund(),
        Optional.ofNullable(grant).map(Signed::hash),
        Optional.ofNullable(closure).map(Signed::hash));
  }
}
