package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.grant.DekImport;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Registrar;
import dev.leasehold.custodian.standing.Registrar.Collection;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import io.helidon.webserver.http.HttpRouting;
import java.util.Locale;
import java.util.Optional;

/** Standing objects in, lease bundles out (protocol §7.1). */
final class StandingRoutes {
  private final Registrar registrar;
  private final DekImport dekImport;
  private final Store store;

  StandingRoutes(Registrar registrar, DekImport dekImport, Store store) {
    this.registrar = registrar;
    this.dekImport = dekImport;
    this.store = store;
  }

  void addTo(HttpRouting.Builder routing, Http http) {
    for (Collection c : Collection.values()) {
      routing.post(
          "/v1/" + c.name().toLowerCase(Locale.ROOT), http.handler(call -> register(c, call)));
    }
    routing.post("/v1/packages/{packageId}/dek", http.handler(this::importDek));
    routing.get("/v1/leases/{leaseId}/bundle", http.handler(this::bundle));
  }

  private Reply register(Collection collection, Call call) throws Rejected {
    Registrar.Result result =
        registrar.register(collection, call.envelope(collection.name().toLowerCase(Locale.ROOT)));
    return Reply.json(
        result.known() ? 200 : 201,
        Bundles.Registered.class,
        new Bundles.Registered(result.hash()));
  }

  private Reply importDek(Call call) throws Rejected {
    dekImport.accept(call.id("packageId"), call.body(DekImport.BODY_BYTES));
    return Reply.nothing();
  }

  private Reply bundle(Call call) throws Rejected {
    Id lease = call.id("leaseId");
    Bundles.LeaseBundle bundle =
        store
            .read(tx -> tx.leases().find(lease).flatMap(row -> bundle(tx, row)))
            .orElseThrow(() -> Rejected.unknown("lease " + lease));
    return Reply.bundle(200, Bundles.LeaseBundle.class, bundle);
  }

  /** Empty while the measurement set is not valid yet. */
  private static Optional<Bundles.LeaseBundle> bundle(Tx tx, LeaseRow row) {
    Lease lease = tx.envelopes().body(Statements.LEASE, Lease.class, row.envelope());
    Optional<Standing.InForce<Roster>> roster = Standing.roster(tx);
    Optional<Standing.InForce<Measurements>> measurements =
        Standing.measurements(tx, lease.measurementSet());
    Optional<Standing.InForce<Borrower>> borrower = Standing.borrower(tx, lease.borrowerId());
    if (roster.isEmpty() || measurements.isEmpty() || borrower.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Bundles.LeaseBundle(
            tx.envelopes().get(roster.get().hash()),
            tx.envelopes().get(measurements.get().hash()),
            tx.envelopes().get(borrower.get().hash()),
            tx.envelopes().get(row.envelope()),
            tx.envelopes().get(row.modelPackage())));
  }
}
