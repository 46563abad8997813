package dev.leasehold.core.dsse;

import java.util.Collection;
import java.util.List;

/**
 * A statement whose payload was parsed and whose signatures nobody has looked at: for what must
 * parse before it is worth asking who may have signed it.
 */
public final class Parsed<T extends Record> {
  private final Kind<T> kind;
  private final Envelope envelope;
  private final T body;

  Parsed(Kind<T> kind, Envelope envelope, T body) {
    this.kind = kind;
    this.envelope = envelope;
    this.body = body;
  }

  public Kind<T> kind() {
    return kind;
  }

  /** What it claims; nothing is proven. */
  public T body() {
    return body;
  }

  public Envelope envelope() {
    return envelope;
  }

  /** The statement, if any of these keys have signed it, and no other. */
  public Signed<T> verified(Collection<KeyRecord> keys) throws BadSignature {
    return new Signed<>(envelope, body, Dsse.verify(kind.name(), envelope, keys));
  }

  /** The statement, if exactly this key has signed it. */
  public Signed<T> verified(KeyRecord key) throws BadSignature {
    return verified(List.of(key));
  }
}
