package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.Statements;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code envelope}: standing objects, challenges, orders and incidents, by hash. */
public final class Envelopes {
  private static final String ORDER_REPLY = "order-reply";

  private final Handle handle;
  private final Bodies bodies;
  private final long now;

  Envelopes(Handle handle, Bodies bodies, long now) {
    this.handle = handle;
    this.bodies = bodies;
    this.now = now;
  }

  public Optional<Envelope> find(Hash hash) {
    return text(hash.hex()).map(Envelope::parseStored);
  }

  public Envelope get(Hash hash) {
    return find(hash).orElseThrow(() -> new IllegalStateException("no envelope " + hash));
  }

  public boolean has(Hash hash) {
    return text(hash.hex()).isPresent();
  }

  /** The statement in a stored envelope, whose signatures were verified before it was stored. */
  public <T extends Record> T body(Kind<T> kind, Class<T> type, Hash hash) {
    return type.cast(bodies.get(hash, () -> kind.decodeStored(get(hash))));
  }

  public void insert(Signed<?> statement, String kind) {
    insert(statement.hash().hex(), kind, statement.envelope().write());
  }

  /** What was answered to an order; the same order gets the same answer (protocol §7.1). */
  public Optional<String> orderReply(Hash order) {
    return text(replyKey(order));
  }

  public void insertOrderReply(Hash order, String reply) {
    insert(replyKey(order), ORDER_REPLY, reply);
  }

  /** The newest incidents first. */
  public List<Incident> incidents(int most) {
    return handle
        .createQuery(
            "SELECT body FROM envelope WHERE kind = :kind ORDER BY received_at DESC LIMIT :most")
        .bind("kind", Statements.INCIDENT.name())
        .bind("most", most)
        .mapTo(String.class)
        .map(body -> Statements.INCIDENT.decodeStored(Envelope.parseStored(body)))
        .list();
  }

  /** All orders that were carried out, the oldest first. */
  public List<Envelope> orders() {
    return handle
        .createQuery("SELECT body FROM envelope WHERE kind = :kind ORDER BY received_at")
        .bind("kind", Statements.ORDER.name())
        .mapTo(String.class)
        .map(Envelope::parseStored)
        .list();
  }

  /** When an envelope was received or made, by the custodian's clock. */
  public long receivedAt(Hash hash) {
    return handle
        .createQuery("SELECT received_at FROM envelope WHERE hash = :hash")
        .bind("hash", hash.hex())
        .mapTo(Long.class)
        .one();
  }

  private Optional<String> text(String key) {
    return handle
        .createQuery("SELECT body FROM envelope WHERE hash = :hash")
        .bind("hash", key)
        .mapTo(String.class)
        .findOne();
  }

  private void insert(String key, String kind, String body) {
    handle
        .createUpdate(
            "INSERT INTO envelope (hash, kind, body, received_at) VALUES (:hash, :kind, :body, :now)")
        .bind("hash", key)
        .bind("kind", kind)
        .bind("body", body)
        .bind("now", now)
        .execute();
  }

  private static String replyKey(Hash order) {
    return order.hex() + "/reply";
  }
}
