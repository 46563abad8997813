package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.Statements;
import java.util.List;
import java.util.Optional;

/** The table {@code envelope}: standing objects, challenges, orders and incidents, by hash. */
public final class Envelopes {
  private static final String ORDER_REPLY = "order-reply";

  private final Work work;

  Envelopes(Work work) {
    this.work = work;
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
    return type.cast(work.transaction().bodies().get(hash, () -> kind.decodeStored(get(hash))));
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
  public List<Incident> incidents(long most) {
    return work.sql()
        .list(
            "SELECT body FROM envelope WHERE kind = ? ORDER BY received_at DESC LIMIT ?",
            r -> Statements.INCIDENT.decodeStored(Envelope.parseStored(r.getString(1))),
            Statements.INCIDENT.name(),
            most);
  }

  /** All orders that were carried out, the oldest first. */
  public List<Envelope> orders() {
    return work.sql()
        .list(
            "SELECT body FROM envelope WHERE kind = ? ORDER BY received_at",
            r -> Envelope.parseStored(r.getString(1)),
            Statements.ORDER.name());
  }

  /** When an envelope was received or made, by the custodian's clock. */
  public long receivedAt(Hash hash) {
    return work.sql().number("SELECT received_at FROM envelope WHERE hash = ?", hash.hex());
  }

  private Optional<String> text(String key) {
    return work.sql().text("SELECT body FROM envelope WHERE hash = ?", key);
  }

  private void insert(String key, String kind, String body) {
    work.direct()
        .update(
            "INSERT INTO envelope (hash, kind, body, received_at) VALUES (?, ?, ?, ?)",
            key,
            kind,
            body,
            work.transaction().now());
  }

  private static String replyKey(Hash order) {
    return order.hex() + "/reply";
  }
}
