package dev.leasehold.custodian.revoke;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.Optional;

/**
 * Takes orders. Stopping needs one signature of those who may stop and is first in the queue;
 * starting needs the quorum (protocol §6.4, §13).
 */
public final class Orders {
  /**
   * The answer as JSON.
   *
   * @param known true when the same order was carried out before: this is what was answered then
   */
  public record Result(String reply, boolean known) {}

  private final Store store;
  private final Writer writer;
  private final Stops stops;
  private final Starts starts;
  private final Freeze freeze;

  public Orders(Store store, Writer writer, Stops stops, Starts starts, Freeze freeze) {
    this.store = store;
    this.writer = writer;
    this.stops = stops;
    this.starts = starts;
    this.freeze = freeze;
  }

  public Result accept(Envelope envelope) throws Rejected {
    Order unverified;
    try {
      if (!envelope.payloadType().equals(Statements.ORDER.payloadType())) {
        throw new Malformed(
            "order.payloadType", Statements.ORDER.payloadType(), envelope.payloadType());
      }
      unverified = Statements.ORDER.decode(envelope.payload().toArray());
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
    // What nobody has signed who may costs the writer nothing.
    store.look(tx -> verified(Standing.requireRoster(tx).body(), envelope));
    Reach reach =
        unverified.action() == Order.Action.QUARANTINE
            ? Reach.WHOLE_LEDGER
            : Reach.of(unverified.leaseId());
    return unverified.action().stops()
        ? writer.runFirst(reach, tx -> accept(tx, envelope))
        : writer.run(reach, tx -> accept(tx, envelope));
  }

  private Result accept(Tx tx, Envelope envelope) throws Rejected {
    Optional<String> before = tx.envelopes().orderReply(envelope.hash());
    if (before.isPresent()) {
      return new Result(before.get(), true);
    }
    Signed<Order> order = verified(Standing.requireRoster(tx).body(), envelope);
    if (tx.now() >= order.body().expiresAt()) {
      throw new Rejected(
          ProblemType.FORBIDDEN, "order.expiresAt: expected later than now, " + tx.now());
    }
    if (tx.leases().find(order.body().leaseId()).isEmpty()) {
      throw new Rejected(
          ProblemType.FORBIDDEN,
          "order.leaseId: expected a lease of this custodian, found " + order.body().leaseId());
    }
    tx.envelopes().insert(order, Statements.ORDER.name());
    tx.log().add(order);
    String reply = reply(tx, order, carryOut(tx, order));
    tx.envelopes().insertOrderReply(order.hash(), reply);
    return new Result(reply, false);
  }

  private static Signed<Order> verified(Roster roster, Envelope envelope) throws Rejected {
    try {
      return Quorum.order(envelope, roster);
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    } catch (BadSignature e) {
      throw Rejected.forbidden(e);
    }
  }

  private LeaseRow carryOut(Tx tx, Signed<Order> signed) throws Rejected {
    Order o = signed.body();
    String reason = o.reason();
    return switch (o.action()) {
      case SUSPEND -> {
        requireWholeLease(o);
        yield stops.suspend(tx, o.leaseId(), reason, Optional.of(signed));
      }
      case REVOKE -> {
        requireWholeLease(o);
        yield stops.revoke(tx, o.leaseId(), reason, signed);
      }
      case DRAIN -> stops.drain(tx, o.leaseId(), o.instanceId(), reason, signed);
      case QUARANTINE -> {
        requireWholeLease(o);
        stops.quarantine(tx, platform(tx, o), reason, Optional.of(signed));
        yield tx.leases().get(o.leaseId());
      }
      case RECALL, RESUME, ACTIVATE -> {
        requireWholeLease(o);
        freeze.requireThawed(tx);
        yield starts.carryOut(tx, signed);
      }
      case WRITE_OFF -> {
        freeze.requireThawed(tx);
        yield starts.writeOff(tx, o);
      }
    };
  }

  private static void requireWholeLease(Order o) throws Rejected {
    if (!o.instanceId().equals(Target.ALL)) {
      throw new Rejected(
          ProblemType.MALFORMED,
          "order.instanceId: expected \"*\" for " + o.action() + ", found " + o.instanceId());
    }
  }

  private static String platform(Tx tx, Order o) throws Rejected {
    String platform = o.args().getOrDefault("platformId", "");
    if (tx.platforms().find(platform).isEmpty()) {
      throw new Rejected(
          ProblemType.CONFLICT,
          "order.args.platformId: expected a machine of a registered borrower, found '"
              + platform
              + "'");
    }
    return platform;
  }

  /** X of the stop's own transaction: what the console prints is this and nothing else. */
  private String reply(Tx tx, Signed<Order> order, LeaseRow lease) {
    Bundles.OrderReply reply =
        new Bundles.OrderReply(
            order.hash(),
            mostThatIsLeft(tx, lease),
            Stops.unresolved(tx, lease.leaseId()),
            lease.ledger().residual());
    return Bundle.text(Bundles.OrderReply.class, reply);
  }

  /** The exposure; where the ledger went back it is unknown, and at most what is not settled. */
  private Vec mostThatIsLeft(Tx tx, LeaseRow lease) {
    Ledger books = lease.ledger();
    boolean unknown = freeze.concerns(tx, lease.leaseId()) || Freeze.isUnknown(tx, lease.leaseId());
    return unknown ? books.budget().minus(books.settled()) : books.exposure();
  }
}
