package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.Hpke;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.enclave.meter.View;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The current CK. A new one takes its place after 24 hours, after 1 048 576 requests and when the
 * custodian says so (protocol §11.1). The old one is overwritten at once: requests that are open
 * need it no more, and later ones are answered {@code unknown-key}.
 */
final class ConsumerKeys implements AutoCloseable {
  /** After so many requests a key has served its time (protocol §11.2). */
  static final int MAX_NONCES = 1_048_576;

  static final int MAX_REQUEST_BYTES = 1_048_576;

  private static final long LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(KeyConfig.VALID_MS);

  private final ServedLease lease;
  private final LongSupplier nanoTime;
  private final SecureRandom random;
  private final int maxNonces;
  private @Nullable ConsumerKey current;
  private long madeAt;
  private long rotations;
  private boolean closed;

  ConsumerKeys(ServedLease lease, LongSupplier nanoTime, SecureRandom random, int maxNonces) {
    this.lease = lease;
    this.nanoTime = nanoTime;
    this.random = random;
    this.maxNonces = maxNonces;
  }

  /** The key to publish now; a new one if the last has had its time. Empty after {@link #close}. */
  synchronized Optional<ConsumerKey> current() {
    if (closed) {
      return Optional.empty();
    }
    View view = lease.view();
    boolean fresh =
        current != null
            && !current.isWorn()
            && rotations == view.rotations()
            && nanoTime.getAsLong() - madeAt < LIFE_NANOS;
    if (!fresh) {
      replace(view);
    }
    return Optional.ofNullable(current);
  }

  /** The key of this configuration, if it is still the current one. */
  Optional<ConsumerKey> named(Hash config) {
    return current().filter(key -> key.config().hash().equals(config));
  }

  /** Overwrites the key; there will be no other. */
  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      current.close();
    }
  }

  private void replace(View view) {
    long keySeq = current == null ? 1 : current.config().body().keySeq() + 1;
    if (current != null) {
      current.close();
    }
    HpkeKeyPair pair = HpkeKeyPair.generate();
    current = new ConsumerKey(config(view, keySeq, pair), pair, new NonceSet(maxNonces, random));
    madeAt = nanoTime.getAsLong();
    rotations = view.rotations();
  }

  private Signed<KeyConfig> config(View view, long keySeq, HpkeKeyPair pair) {
    Lease.Stream stream = view.terms().lease().body().stream();
    return Dsse.sign(
        Statements.KEY_CONFIG,
        new KeyConfig(
            lease.me().leaseId(),
            lease.me().instanceId(),
            keySeq,
            pair.publicKey().raw(),
            Hpke.KEM_ID,
            Hpke.KDF_ID,
            Hpke.AEAD_ID,
            stream.frameBytes(),
            stream.frameMs(),
            MAX_REQUEST_BYTES,
            view.terms().modelPackage().body().modelDigest(),
            view.tMin(),
            view.tMin() + KeyConfig.VALID_MS),
        lease.me().ik());
  }
}
