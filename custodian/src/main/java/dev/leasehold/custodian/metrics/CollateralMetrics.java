package dev.leasehold.custodian.metrics;

import dev.leasehold.custodian.collateral.Counters;
import dev.leasehold.custodian.collateral.Holding;
import dev.leasehold.custodian.collateral.Library;
import dev.leasehold.custodian.collateral.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** When each piece of collateral ends, and how asking for it goes. */
public final class CollateralMetrics {
  private final Library library;

  public CollateralMetrics(Library library) {
    this.library = library;
  }

  void write(Text out, Instant now) {
    List<Holding> holdings = library.holdings();
    String expiry = "leasehold_collateral_expiry_seconds";
    out.gauge(expiry, "time until collateral may no longer be used; 0 when it may not now");
    for (Holding h : holdings) {
      long left = h.expiresAt().map(end -> Duration.between(now, end).toSeconds()).orElse(0L);
      out.sample(expiry, labels(h), Math.max(0, left));
    }
    String stale = "leasehold_collateral_stale";
    out.gauge(stale, "1 when the last attempt to renew it failed; it serves until it expires");
    holdings.stream()
        .filter(h -> !h.given())
        .forEach(h -> out.sample(stale, labels(h), h.trouble().isPresent() ? 1 : 0));
    requests(out);
  }

  private void requests(Text out) {
    String name = "leasehold_collateral_requests_total";
    out.counter(name, "requests to vendors by how they ended");
    for (Source s : Source.values()) {
      for (Counters.Result r : Counters.Result.values()) {
        out.sample(
            name,
            Text.label("source", s.word()) + "," + Text.label("result", r.word()),
            library.counters().get(s, r));
      }
    }
  }

  private static String labels(Holding h) {
    return Text.label("kind", h.given() ? "file" : "fetched") + "," + Text.label("item", h.name());
  }
}
