package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The tables {@code attestation} and {@code key_release}: accepted evidence and its answers. */
public final class Attestations {
  /** One accepted evidence bundle. */
  public record Row(Id instance, long epoch, String request, String reply) {}

  private final Handle handle;

  Attestations(Handle handle) {
    this.handle = handle;
  }

  public Optional<Row> find(Hash evidence) {
    return first("WHERE evidence_hash = :value", evidence.hex());
  }

  /** The enrolment of an instance; what follows it are re-attestations under later epochs. */
  public Optional<Row> firstOf(Id instance) {
    return first("WHERE instance_id = :value ORDER BY epoch LIMIT 1", instance.hex());
  }

  public void insert(Hash evidence, Row row) {
    handle
        .createUpdate(
            "INSERT INTO attestation (evidence_hash, instance_id, epoch, request, reply)"
                + " VALUES (:hash, :id, :epoch, :request, :reply)")
        .bind("hash", evidence.hex())
        .bind("id", row.instance().hex())
        .bind("epoch", row.epoch())
        .bind("request", row.request())
        .bind("reply", row.reply())
        .execute();
  }

  /** A key is sealed once per instance: a second row is refused by the table itself. */
  public void insertKeyRelease(Id instance, String body) {
    handle
        .createUpdate("INSERT INTO key_release (instance_id, body) VALUES (:id, :body)")
        .bind("id", instance.hex())
        .bind("body", body)
        .execute();
  }

  private Optional<Row> first(String condition, String value) {
    return handle
        .createQuery("SELECT * FROM attestation " + condition)
        .bind("value", value)
        .map((r, context) ->
            new Row(
                new Id(r.getString("instance_id")),
                r.getLong("epoch"),
                r.getString("request"),
                r.getString("reply")))
        .findOne();
  }
}
