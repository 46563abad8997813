package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.custodian.beat.Finals;
import dev.leasehold.custodian.beat.Heartbeats;
import dev.leasehold.custodian.grant.Evidences;
import dev.leasehold.custodian.grant.Hellos;
import dev.leasehold.custodian.grant.Staples;
import dev.leasehold.custodian.key.RelayTokens;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import java.util.Optional;

/** What relays carry for enclaves (protocol §7.1). */
final class InstanceRoutes {
  private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");

  /** What stands behind the paths. */
  record Desks(
      Hellos hellos, Evidences evidences, Heartbeats heartbeats, Finals finals, Staples staples) {}

  private final Desks desks;
  private final Store store;
  private final RelayTokens tokens;
  private final Freeze freeze;

  InstanceRoutes(Desks desks, Store store, RelayTokens tokens, Freeze freeze) {
    this.desks = desks;
    this.store = store;
    this.tokens = tokens;
    this.freeze = freeze;
  }

  void addTo(HttpRouting.Builder routing, Http http) {
    routing.post("/v1/instances", http.handler(this::hello));
    routing.post("/v1/instances/{instanceId}/challenge", http.handler(this::challenge));
    routing.post("/v1/instances/{instanceId}/evidence", http.handler(this::evidence));
    routing.post("/v1/instances/{instanceId}/heartbeat", http.handler(this::heartbeat));
    routing.post("/v1/instances/{instanceId}/final", http.handler(this::last));
    routing.get("/v1/instances/{instanceId}/staple", http.handler(this::staple));
  }

  private Reply hello(Call call) throws Rejected {
    String key =
        call.header(IDEMPOTENCY_KEY)
            .filter(k -> k.matches("[0-9a-f]{32}"))
            .orElseThrow(() ->
                new Rejected(
                    ProblemType.MALFORMED,
                    "Idempotency-Key: expected a header of 32 lowercase hex digits"));
    return Reply.bundle(
        201, Bundles.Enrolled.class, desks.hellos.hello(key, call.envelope("hello")));
  }

  private Reply challenge(Call call) throws Rejected {
    return Reply.bundle(201, Bundles.Enrolled.class, desks.hellos.again(sender(call, tokens)));
  }

  private Reply evidence(Call call) throws Rejected {
    Id id = sender(call, tokens);
    return Reply.stored(200, desks.evidences.accept(id, call.body(Bundles.MAX_EVIDENCE_BYTES)));
  }

  private Reply heartbeat(Call call) throws Rejected {
    Id id = sender(call, tokens);
    return Reply.stored(200, desks.heartbeats.accept(id, call.body(Bundles.MAX_BYTES)));
  }

  private Reply last(Call call) throws Rejected {
    Id id = sender(call, tokens);
    return Reply.stored(200, desks.finals.accept(id, call.body(Bundles.MAX_BYTES)));
  }

  private Reply staple(Call call) throws Rejected {
    Id id = call.id("instanceId");
    InstanceRow instance =
        store
            .look(tx -> {
              freeze.requireThawed(tx);
              return tx.instances().find(id);
            })
            .orElseThrow(() -> Rejected.unknown("instance " + id));
    return store
        .read(tx -> staple(tx, instance))
        .orElseThrow(() ->
            new Rejected(
                ProblemType.NOT_ACTIVE, "staples are issued while lease and instance are ACTIVE"));
  }

  private Optional<Reply> staple(Tx tx, InstanceRow instance) {
    LeaseRow lease = tx.leases().get(instance.leaseId());
    long maxAge = Stops.terms(tx, lease).heartbeatMs() / 1_000;
    return desks
        .staples
        .issue(tx, lease, instance)
        .map(envelope -> Reply.envelope(200, envelope).cached(maxAge));
  }

  /** Who has the token of an instance may speak for it. */
  static Id sender(Call call, RelayTokens tokens) throws Rejected {
    Id id = call.id("instanceId");
    if (call.bearer().filter(token -> tokens.matches(id, token)).isEmpty()) {
      throw new Rejected(
          ProblemType.UNAUTHORIZED, "expected the relayToken that came with the challenge");
    }
    return id;
  }
}
