package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.custodian.store.Exchanges;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.Tx;
import java.util.Optional;

/** What there is of each enclave's proof of cessation, from what was recorded (protocol §6.4). */
final class Endings {
  private Endings() {}

  /** Empty for an instance that is unknown or was never given a grant. */
  static Optional<Bundles.Ending> of(Tx tx, Id id) {
    return tx.instances()
        .find(id)
        .flatMap(instance -> instance.identity().map(known -> ending(tx, instance, known)));
  }

  private static Bundles.Ending ending(Tx tx, InstanceRow instance, InstanceRow.Identity known) {
    String evidence = tx.attestations().find(known.evidence()).orElseThrow().request();
    Optional<Exchanges.Row> last =
        instance.state() == InstanceState.CLOSED
            ? tx.exchanges().find(instance.instanceId(), instance.seq())
            : Optional.empty();
    return new Bundles.Ending(
        Bundle.parseStored(Bundles.EvidencePost.class, evidence).evidence(),
        tx.log().find(known.chainGrant()).orElseThrow(),
        last.map(row -> Envelope.parseStored(row.request())),
        last.map(row -> Bundle.parseStored(Bundles.FinalReply.class, row.reply()).closure()),
        instance.state() == InstanceState.WRITTEN_OFF ? writeOff(tx, instance) : Optional.empty());
  }

  private static Optional<Envelope> writeOff(Tx tx, InstanceRow instance) {
    return tx.envelopes().orders().stream()
        .filter(envelope -> writesOff(envelope, instance))
        .findFirst();
  }

  private static boolean writesOff(Envelope envelope, InstanceRow instance) {
    Order order = Statements.ORDER.decodeStored(envelope);
    return order.action() == Order.Action.WRITE_OFF
        && order.instanceId().equals(Target.of(instance.instanceId()));
  }
}
