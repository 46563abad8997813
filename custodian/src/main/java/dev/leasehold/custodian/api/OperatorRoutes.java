package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.metrics.Metrics;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.revoke.Orders;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import io.helidon.webserver.http.HttpRouting;
import java.util.Optional;
import java.util.function.Function;

/** What people do and see: signed orders, read-only views, health. */
final class OperatorRoutes {
  private final Orders orders;
  private final Store store;
  private final Views views;
  private final Metrics metrics;
  private final Freeze freeze;

  OperatorRoutes(Orders orders, Store store, Freeze freeze, Metrics metrics) {
    this.orders = orders;
    this.store = store;
    this.freeze = freeze;
    this.views = new Views(freeze);
    this.metrics = metrics;
  }

  void addTo(HttpRouting.Builder routing, Http http) {
    routing.post("/v1/orders", http.handler(this::order));
    routing.get(
        "/v1/leases", http.handler(call -> view(call, tx -> Optional.of(views.leases(tx)))));
    routing.get("/v1/leases/{leaseId}", http.handler(this::lease));
    routing.get("/v1/leases/{leaseId}/commands", http.handler(this::commands));
    routing.get("/v1/instances/{instanceId}", http.handler(this::instance));
    routing.get("/v1/instances/{instanceId}/cessation", http.handler(this::cessation));
    routing.get(
        "/v1/incidents", http.handler(call -> view(call, tx -> Optional.of(views.incidents(tx)))));
    routing.get("/healthz", http.handler(this::health));
    routing.get("/metrics", http.handler(this::scrape));
  }

  private Reply order(Call call) throws Rejected {
    Orders.Result result = orders.accept(call.envelope("order"));
    return new Reply(result.known() ? 200 : 201, Reply.JSON, result.reply());
  }

  private Reply lease(Call call) throws Rejected {
    Id id = call.id("leaseId");
    return view(call, tx -> views.lease(tx, id));
  }

  private Reply instance(Call call) throws Rejected {
    Id id = call.id("instanceId");
    return view(call, tx -> views.instance(tx, id));
  }

  private Reply commands(Call call) throws Rejected {
    Id id = call.id("leaseId");
    return Reply.bundle(
        200,
        Bundles.CommandsReply.class,
        seen(
            call,
            tx -> tx.leases().find(id).map(l -> new Bundles.CommandsReply(Commands.all(tx, id)))));
  }

  private Reply cessation(Call call) throws Rejected {
    Id id = call.id("instanceId");
    return Reply.bundle(200, Bundles.Ending.class, seen(call, tx -> Endings.of(tx, id)));
  }

  private Reply view(Call call, Function<Tx, Optional<Json.Obj>> view) throws Rejected {
    return Reply.json(200, seen(call, view));
  }

  /** What an operator may look at. */
  private <T> T seen(Call call, Function<Tx, Optional<T>> view) throws Rejected {
    OperatorTokens.require(store, call);
    return store.read(view).orElseThrow(() -> Rejected.unknown("what the path names"));
  }

  private Reply health(Call call) throws Rejected {
    requireLocal(call);
    Optional<String> frozen = store.read(freeze::reason);
    return Reply.json(
        frozen.isPresent() ? 503 : 200,
        Json.Obj.EMPTY
            .with("status", frozen.isPresent() ? "frozen" : "ok")
            .with("detail", frozen.orElse("")));
  }

  private Reply scrape(Call call) throws Rejected {
    requireLocal(call);
    return Reply.text(store.read(metrics::scrape));
  }

  private static void requireLocal(Call call) throws Rejected {
    if (!call.isLocal()) {
      throw new Rejected(ProblemType.FORBIDDEN, "this path is answered on this machine only");
    }
  }
}
