package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.stream.SealedRequest;

/** CK: one key that consumers seal to, and the nonces that were used under it. */
final class ConsumerKey implements AutoCloseable {
  private final Signed<KeyConfig> config;
  private final HpkeKeyPair pair;
  private final NonceSet nonces;

  ConsumerKey(Signed<KeyConfig> config, HpkeKeyPair pair, NonceSet nonces) {
    this.config = config;
    this.pair = pair;
    this.nonces = nonces;
  }

  Signed<KeyConfig> config() {
    return config;
  }

  /** Opens a request sealed to this key. */
  SealedRequest.Received open(SealedRequest request) throws OpenFailed {
    return request.open(pair);
  }

  /** Notes a nonce; false when it was used before under this key, or the key is worn. */
  synchronized boolean firstUse(Nonce nonce) {
    return !nonces.isFull() && nonces.add(nonce);
  }

  /** It has seen as many nonces as it may. */
  synchronized boolean isWorn() {
    return nonces.isFull();
  }

  @Override
  public void close() {
    pair.close();
  }
}
