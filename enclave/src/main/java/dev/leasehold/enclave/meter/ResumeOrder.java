package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.enclave.terms.Terms;
import java.util.Optional;

/**
 * The approvers' order behind a RESUME command. A grant key alone cannot resume a lease (protocol
 * §6.4).
 */
final class ResumeOrder {
  private ResumeOrder() {}

  /**
   * Opens the order of a RESUME command with the approvers' quorum.
   *
   * @param suspendedAt the newest stop this enclave has seen
   * @return the newest stop that the order lifts
   */
  static long open(
      Command command, Optional<Envelope> envelope, Terms terms, Instance me, long suspendedAt)
      throws Malformed, BadSignature {
    Envelope present =
        envelope.orElseThrow(() -> new Malformed("order", "the order behind a RESUME", "none"));
    Signed<Order> signed = Quorum.standing(Statements.ORDER, present, terms.roster().body());
    Order order = signed.body();
    require(
        "command.order",
        signed.hash(),
        command.order().map(Hash::hex).orElse("none"),
        command.order().equals(Optional.of(signed.hash())));
    require(
        "order.action", Order.Action.RESUME, order.action(), order.action() == Order.Action.RESUME);
    require("order.leaseId", me.leaseId(), order.leaseId(), order.leaseId().equals(me.leaseId()));
    require(
        "order.instanceId",
        me.instanceId(),
        order.instanceId(),
        order.instanceId().covers(me.instanceId()));
    require(
        "order.afterCseq",
        "at least " + suspendedAt,
        order.afterCseq(),
        order.afterCseq() >= suspendedAt);
    require(
        "order.expiresAt",
        "at least " + command.issuedAt(),
        order.expiresAt(),
        order.expiresAt() >= command.issuedAt());
    return order.afterCseq();
  }

  private static void require(String field, Object expected, Object found, boolean holds)
      throws Malformed {
    if (!holds) {
      throw new Malformed(field, String.valueOf(expected), String.valueOf(found));
    }
  }
}
