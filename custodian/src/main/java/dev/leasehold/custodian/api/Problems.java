package dev.leasehold.custodian.api;

import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refusals as they travel: signed when they answer a message of an enclave, which acts on nothing
 * else, and plain problem+json otherwise (protocol §7.2).
 */
public final class Problems {
  private static final int MOST_DETAIL = 1_900;
  private static final long RETRY_AFTER_MS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private final Store store;
  private final CustodianKeys keys;

  public Problems(Store store, CustodianKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /** The answer to whoever sent what is refused. */
  public Reply reply(Rejected rejected) {
    Optional<Rejected.Addressee> to = rejected.addressee().filter(a -> rejected.type().isSigned());
    return to.isPresent() ? answered(rejected, to.get()) : plain(rejected);
  }

  /**
   * Without its database a server knows neither epoch nor time: it says so to nobody in particular.
   */
  private Reply answered(Rejected rejected, Rejected.Addressee to) {
    try {
      return signed(rejected, to);
    } catch (RuntimeException e) {
      return failed("a refusal could not be signed", e);
    }
  }

  /** The answer to whoever asked what was not to fail. That the database does, the log knows. */
  Reply failed(String what, RuntimeException e) {
    if (e instanceof Store.Gone) {
      return plain(new Rejected(ProblemType.UNAVAILABLE, "the ledger cannot be read; try again"));
    }
    LOG.error(what, e);
    return plain(new Rejected(ProblemType.UNAVAILABLE, "internal error; try again"));
  }

  private Reply signed(Rejected rejected, Rejected.Addressee to) {
    Problem problem = store.read(tx -> problem(tx, rejected, to));
    return Reply.envelope(
        rejected.type().status(), keys.sign(Statements.PROBLEM, problem).envelope());
  }

  private static Problem problem(Tx tx, Rejected rejected, Rejected.Addressee to) {
    Optional<LeaseRow> lease = tx.leases().find(to.leaseId());
    boolean retry = rejected.type().action() == Problem.Action.RETRY;
    return new Problem(
        Problem.TYPE_PREFIX + rejected.name(),
        rejected.type().status(),
        rejected.name(),
        shortened(rejected.detail()),
        to.leaseId(),
        to.instanceId(),
        to.answers(),
        rejected.type().action(),
        retry ? RETRY_AFTER_MS : 0,
        rejected.claims(),
        lease.map(LeaseRow::epoch).orElse(1L),
        tx.meta().incarnation(),
        tx.now());
  }

  private static Reply plain(Rejected rejected) {
    Json.Obj body =
        Json.Obj.EMPTY
            .with("type", Problem.TYPE_PREFIX + rejected.name())
            .with("title", rejected.name())
            .with("status", rejected.type().status())
            .with("detail", shortened(rejected.detail()));
    return new Reply(rejected.type().status(), Reply.PROBLEM, body.write());
  }

  private static String shortened(String s) {
    return s.codePoints()
        .limit(MOST_DETAIL / 4)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
