package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The tables as one step sees them, and the time at which it happens. */
public final class Tx {
  private final Handle handle;
  private final Bodies bodies;
  private final long now;
  private final Map<Id, Long> touched = new LinkedHashMap<>();
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(Handle handle, Bodies bodies, long now) {
    this.handle = handle;
    this.bodies = bodies;
    this.now = now;
  }

  /** The custodian's time in ms since the epoch; one value for the whole transaction. */
  public long now() {
    return now;
  }

  public Meta meta() {
    return new Meta(handle);
  }

  public Envelopes envelopes() {
    return new Envelopes(handle, bodies, now);
  }

  public Standings standings() {
    return new Standings(handle);
  }

  public Leases leases() {
    return new Leases(handle, touched::put);
  }

  public Instances instances() {
    return new Instances(handle);
  }

  public Platforms platforms() {
    return new Platforms(handle);
  }

  public Deks deks() {
    return new Deks(handle);
  }

  public Challenges challenges() {
    return new Challenges(handle);
  }

  public Attestations attestations() {
    return new Attestations(handle);
  }

  public Exchanges exchanges() {
    return new Exchanges(handle);
  }

  public CommandRows commands() {
    return new CommandRows(handle);
  }

  public LogEntries log() {
    return new LogEntries(handle, now);
  }

  /** Runs after the commit and before the reply, and not at all if there is no commit. */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  Map<Id, Long> touched() {
    return touched;
  }

  List<Runnable> actions() {
    return afterCommit;
  }
}
