package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.Hash;
import java.util.Set;

/**
 * A statement whose envelope was verified, or signed here. Only {@link Dsse} makes one, so holding
 * a {@code Signed<T>} means its signatures hold; whether the signers suffice is the caller's rule.
 */
public final class Signed<T extends Record> {
  private final Envelope envelope;
  private final T body;
  private final Set<Hash> signers;
  private final Hash hash;

  Signed(Envelope envelope, T body, Set<Hash> signers) {
    this.envelope = envelope;
    this.body = body;
    this.signers = Set.copyOf(signers);
    this.hash = envelope.hash();
  }

  public Envelope envelope() {
    return envelope;
  }

  public T body() {
    return body;
  }

  /** The keyids whose signatures verified. */
  public Set<Hash> signers() {
    return signers;
  }

  /** {@code H(m)}. */
  public Hash hash() {
    return hash;
  }
}
