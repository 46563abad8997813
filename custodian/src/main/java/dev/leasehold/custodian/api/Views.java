package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.List;
import java.util.Optional;

/** What operators see; nothing here changes anything (protocol §7.1). */
final class Views {
  private static final int MOST_INCIDENTS = 200;

  private final Freeze freeze;

  Views(Freeze freeze) {
    this.freeze = freeze;
  }

  Json.Obj leases(Tx tx) {
    return Json.Obj.EMPTY
        .with("frozen", freeze.reason(tx).orElse(""))
        .with("leases", Json.Arr.of(tx.leases().all().stream().map(l -> lease(tx, l)).toList()));
  }

  Optional<Json.Obj> lease(Tx tx, Id id) {
    return tx.leases()
        .find(id)
        .map(l ->
            lease(tx, l)
                .with(
                    "instances",
                    Json.Arr.of(
                        tx.instances().ofLease(id).stream().map(i -> instance(tx, i)).toList())));
  }

  Optional<Json.Obj> instance(Tx tx, Id id) {
    return tx.instances().find(id).map(i -> instance(tx, i));
  }

  Json.Obj incidents(Tx tx) {
    List<Json.Obj> all =
        tx.envelopes().incidents(MOST_INCIDENTS).stream().map(Views::incident).toList();
    return Json.Obj.EMPTY.with("incidents", Json.Arr.of(all));
  }

  private Json.Obj lease(Tx tx, LeaseRow l) {
    Lease terms = Stops.terms(tx, l);
    ModelPackage model = Standing.modelPackage(tx, l.modelPackage());
    boolean unknown = freeze.concerns(tx, l.leaseId()) || Freeze.isUnknown(tx, l.leaseId());
    Vec most = unknown ? l.ledger().budget().minus(l.ledger().settled()) : l.ledger().exposure();
    return Json.Obj.EMPTY
        .with("leaseId", l.leaseId().hex())
        .with("state", l.state().name())
        .with("version", l.version())
        .with("envelope", l.envelope().hex())
        .with("purpose", terms.purpose())
        .with("borrowerId", l.borrowerId().hex())
        .with("package", l.modelPackage().hex())
        .with("model", model.name() + " " + model.version())
        .with("epoch", l.epoch())
        .with("incarnation", l.incarnation())
        .with("cseq", l.cseq())
        .with("notBefore", terms.notBefore())
        .with("notAfter", terms.notAfter())
        .with("headline", terms.budget().outputTokens() > 0 ? "outputTokens" : "requests")
        .with("budget", vec(l.ledger().budget()))
        .with("exposureMax", vec(l.ledger().exposureMax()))
        .with("reserved", vec(l.ledger().reserved()))
        .with("settled", vec(l.ledger().settled()))
        .with("x", vec(most))
        .with("xKnown", new Json.Bool(!unknown))
        .with("residual", vec(l.ledger().residual()))
        .with(
            "unresolved",
            Json.Arr.of(
                Stops.unresolved(tx, l.leaseId()).stream()
                    .map(i -> new Json.Str(i.hex()))
                    .toList()));
  }

  private static Json.Obj instance(Tx tx, InstanceRow i) {
    Json.Obj out =
        Json.Obj.EMPTY
            .with("instanceId", i.instanceId().hex())
            .with("leaseId", i.leaseId().hex())
            .with("state", i.state().name())
            .with("createdAt", i.createdAt())
            .with("slot", i.slot().orElse(0))
            .with("epoch", i.epoch())
            .with("seq", i.seq())
            .with("lastSeenAt", i.lastSeenAt())
            .with("silentMs", i.identity().isPresent() ? tx.now() - i.lastSeenAt() : 0)
            .with("allow", vec(i.account().allow()))
            .with("used", vec(i.account().used()))
            .with("x", vec(i.state().isUnresolved() ? i.account().exposure() : Vec.ZERO));
    return i.identity()
        .map(known ->
            out.with("platformId", known.platformId())
                .with("ik", known.ik().keyid().hex())
                .with("evidence", known.evidence().hex()))
        .orElse(out);
  }

  private static Json.Obj incident(Incident i) {
    return Json.Obj.EMPTY
        .with("what", i.what())
        .with("leaseId", i.leaseId().map(Id::hex).orElse(""))
        .with("instanceId", i.instanceId().map(Id::hex).orElse(""))
        .with("detail", i.detail())
        .with("bodies", i.bodies().size())
        .with("issuedAt", i.issuedAt());
  }

  private static Json vec(Vec v) {
    return Codec.of(Vec.class).encode(v);
  }
}
