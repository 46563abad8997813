package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.store.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Writes down what should not happen, with the bodies that show it (protocol §6.4). */
public final class Incidents {
  private static final int MOST_DETAIL = 1_900;
  private static final int MOST_BODIES = 20_000;

  private static final int MOST_PER_HOUR = 20;
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();

  private final CustodianKeys keys;
  private final Map<String, LongAdder> written = new ConcurrentSkipListMap<>();
  private final Map<Id, Integer> recent = new HashMap<>();
  private long hour;

  public Incidents(CustodianKeys keys) {
    this.keys = keys;
  }

  /** About one instance. */
  public void record(Tx tx, String what, Id lease, Id instance, String detail, Envelope... bodies) {
    record(tx, what, Optional.of(lease), Optional.of(instance), detail, bodies);
  }

  /** About a lease, or about the server as a whole. */
  public void record(
      Tx tx,
      String what,
      Optional<Id> lease,
      Optional<Id> instance,
      String detail,
      Envelope... bodies) {
    if (instance.isPresent() && isFlood(tx, instance.get())) {
      return;
    }
    Signed<Incident> incident =
        keys.sign(
            Statements.INCIDENT,
            new Incident(
                lease, instance, what, fitting(bodies), shortened(detail), tx.logRef(), tx.now()));
    if (!tx.envelopes().has(incident.hash())) {
      tx.envelopes().insert(incident, Statements.INCIDENT.name());
      tx.log().add(incident);
      written.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }
  }

  /** How many of each kind were written down since the start. */
  public Map<String, Long> written() {
    Map<String, Long> out = new TreeMap<>();
    written.forEach((what, count) -> out.put(what, count.sum()));
    return out;
  }

  /** One enclave cannot fill the log: what it does over and over is written down so often. */
  private synchronized boolean isFlood(Tx tx, Id instance) {
    if (tx.now() / HOUR_MS != hour) {
      hour = tx.now() / HOUR_MS;
      recent.clear();
    }
    return recent.merge(instance, 1, Integer::sum) > MOST_PER_HOUR;
  }

  /** An incident has a size limit too: what does not fit is cut, and its beginning kept. */
  private static List<Bytes> fitting(Envelope[] bodies) {
    List<Bytes> out = new ArrayList<>();
    int room = MOST_BODIES;
    for (Envelope e : bodies) {
      byte[] bytes = e.write().getBytes(StandardCharsets.UTF_8);
      byte[] kept = Arrays.copyOf(bytes, Math.min(bytes.length, room));
      room -= kept.length;
      out.add(Bytes.of(kept));
    }
    return out;
  }

  private static String shortened(String detail) {
    String ascii = detail.replaceAll("[^\\x20-\\x7e]", "?");
    return ascii.substring(0, Math.min(ascii.length(), MOST_DETAIL));
  }
}
