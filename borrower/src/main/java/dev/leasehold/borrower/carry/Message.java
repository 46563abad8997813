package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Problem;
import java.util.Locale;

/** A checked message of an enclave on its way to the custodian. */
public record Message(Entry.What what, Id instance, Hash hash, Bytes body) {

  String path() {
    return "/v1/instances/" + instance + "/" + what.name().toLowerCase(Locale.ROOT);
  }

  /** The kind of bundle that answers it. */
  Class<? extends Record> reply() {
    return switch (what) {
      case EVIDENCE -> Bundles.EnrolmentReply.class;
      case HEARTBEAT -> Bundles.HeartbeatReply.class;
      case FINAL -> Bundles.FinalReply.class;
      case HELLO, BUNDLE, CHALLENGE, COMMANDS, LOG_PROOF, LOG_CONSISTENCY ->
          throw new IllegalStateException(what + " is not sent by an enclave");
    };
  }

  /**
   * Whether an answer settles the matter, so that it is passed on and not asked for again. A final
   * is asked for again until its closure comes or the custodian refuses for good.
   */
  public boolean isSettledBy(Answer answer) {
    if (answer.isSuccess()) {
      return answer.holds(reply());
    }
    return answer
        .problem()
        .filter(p -> what != Entry.What.FINAL || p.action() != Problem.Action.RETRY)
        .isPresent();
  }
}
