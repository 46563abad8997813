package dev.leasehold.custodian.metrics;

import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.LogEntries;
import dev.leasehold.custodian.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The state of the ledger in the text format of Prometheus, read when it is asked for. */
public final class Metrics {
  private final Freeze freeze;
  private final Incidents incidents;
  private final CollateralMetrics collateral;
  private final Instant certificateEnd;

  /**
   * Metrics of one node.
   *
   * @param certificateEnd of its TLS certificate
   */
  public Metrics(
      Freeze freeze, Incidents incidents, CollateralMetrics collateral, Instant certificateEnd) {
    this.freeze = freeze;
    this.incidents = incidents;
    this.collateral = collateral;
    this.certificateEnd = certificateEnd;
  }

  public String scrape(Tx tx) {
    Text out = new Text();
    List<LeaseRow> leases = tx.leases().all();
    out.gauge("leasehold_frozen", "1 when this node promises nothing (see /healthz)");
    out.sample("leasehold_frozen", "", freeze.reason(tx).isPresent() ? 1 : 0);
    out.gauge("leasehold_leases", "leases by state");
    for (LeaseState s : LeaseState.values()) {
      out.sample(
          "leasehold_leases",
          "state=\"" + s + "\"",
          leases.stream().filter(l -> l.state() == s).count());
    }
    incidents(out);
    amounts(out, leases);
    instances(tx, out, leases);
    expiries(tx, out, leases);
    log(tx, out);
    collateral.write(out, Instant.ofEpochMilli(tx.now()));
    return out.toString();
  }

  private void incidents(Text out) {
    String name = "leasehold_incidents_total";
    out.counter(name, "incidents written down since the start, by what happened");
    incidents.written().forEach((what, n) -> out.sample(name, Text.label("what", what), n));
  }

  private static void amounts(Text out, List<LeaseRow> leases) {
    for (String amount : List.of("budget", "reserved", "settled", "exposure", "residual")) {
      String name = "leasehold_" + amount;
      out.gauge(name, amount + " of a lease by component");
      for (LeaseRow l : leases) {
        Vec v =
            switch (amount) {
              case "budget" -> l.ledger().budget();
              case "reserved" -> l.ledger().reserved();
              case "settled" -> l.ledger().settled();
              case "exposure" -> l.ledger().exposure();
              default -> l.ledger().residual();
            };
        for (Vec.Component c : Vec.Component.values()) {
          out.sample(name, lease(l) + ",component=\"" + name(c) + "\"", v.get(c));
        }
      }
    }
  }

  private static void instances(Tx tx, Text out, List<LeaseRow> leases) {
    out.gauge("leasehold_unresolved_instances", "granted to, no final, not written off");
    for (LeaseRow l : leases) {
      out.sample(
          "leasehold_unresolved_instances", lease(l), tx.instances().countUnresolved(l.leaseId()));
    }
    out.gauge("leasehold_missed_heartbeats", "heartbeats that active instances are behind");
    for (LeaseRow l : leases) {
      out.sample("leasehold_missed_heartbeats", lease(l), missed(tx, l));
    }
  }

  private static long missed(Tx tx, LeaseRow lease) {
    long every = Stops.terms(tx, lease).heartbeatMs();
    long missed = 0;
    // Who was heard within one interval is behind by none.
    for (InstanceRow i : tx.instances().lastSeenBefore(lease.leaseId(), tx.now() - every + 1)) {
      missed += (tx.now() - i.lastSeenAt()) / every;
    }
    return missed;
  }

  private void expiries(Tx tx, Text out, List<LeaseRow> leases) {
    out.gauge("leasehold_expiry_seconds", "time until something may no longer be used");
    out.sample(
        "leasehold_expiry_seconds",
        "what=\"tls-certificate\"",
        (certificateEnd.toEpochMilli() - tx.now()) / 1_000);
    for (LeaseRow l : leases) {
      Lease terms = Stops.terms(tx, l);
      out.sample(
          "leasehold_expiry_seconds",
          "what=\"lease\"," + lease(l),
          (terms.notAfter() - tx.now()) / 1_000);
    }
    Standing.roster(tx).stream()
        .flatMap(r -> r.body().grantKeys().stream())
        .mapToLong(Roster.GrantKey::notAfter)
        .max()
        .ifPresent(end ->
            out.sample("leasehold_expiry_seconds", "what=\"grant-key\"", (end - tx.now()) / 1_000));
  }

  private static void log(Tx tx, Text out) {
    out.gauge("leasehold_log_size", "entries under the newest checkpoint");
    out.sample("leasehold_log_size", "", tx.logRef().size());
    LogEntries.Backlog backlog = tx.log().backlog();
    out.gauge("leasehold_log_pending", "entries that wait for their place in the log");
    out.sample("leasehold_log_pending", "", backlog.entries());
    out.gauge("leasehold_log_lag_seconds", "age of the oldest of them; 10 is the most it may be");
    long oldest = backlog.oldest().orElse(tx.now());
    out.sample("leasehold_log_lag_seconds", "", (tx.now() - oldest) / 1_000);
  }

  private static String lease(LeaseRow l) {
    return "lease=\"" + l.leaseId() + "\"";
  }

  private static String name(Vec.Component c) {
    return c.name().toLowerCase(Locale.ROOT);
  }
}
