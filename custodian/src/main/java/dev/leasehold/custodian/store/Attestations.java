package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.Optional;

/** The tables {@code attestation} and {@code key_release}: accepted evidence and its answers. */
public final class Attestations {
  /** One accepted evidence bundle. */
  public record Row(Id instance, long epoch, String request, String reply) {}

  private final Work work;

  Attestations(Work work) {
    this.work = work;
  }

  public Optional<Row> find(Hash evidence) {
    return first("evidence_hash = ?", evidence.hex());
  }

  /** The enrolment of an instance; what follows it are re-attestations under later epochs. */
  public Optional<Row> firstOf(Id instance) {
    return first("instance_id = ? ORDER BY epoch LIMIT 1", instance.hex());
  }

  public void insert(Hash evidence, Row row) {
    work.direct()
        .update(
            "INSERT INTO attestation (evidence_hash, instance_id, epoch, request, reply)"
                + " VALUES (?, ?, ?, ?, ?)",
            evidence.hex(),
            row.instance().hex(),
            row.epoch(),
            row.request(),
            row.reply());
  }

  /** A key is sealed once per instance: a second row is refused by the table itself. */
  public void insertKeyRelease(Id instance, String body) {
    work.direct()
        .update("INSERT INTO key_release (instance_id, body) VALUES (?, ?)", instance.hex(), body);
  }

  private Optional<Row> first(String condition, String value) {
    return work.sql()
        .find(
            "SELECT * FROM attestation WHERE " + condition,
            r ->
                new Row(
                    new Id(r.getString("instance_id")),
                    r.getLong("epoch"),
                    r.getString("request"),
                    r.getString("reply")),
            value);
  }
}
