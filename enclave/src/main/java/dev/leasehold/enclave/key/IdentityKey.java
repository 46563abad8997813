package dev.leasehold.enclave.key;

import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.SignatureEntry;
import dev.leasehold.core.dsse.Signer;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * IK: signs whatever this enclave says. After {@link #close} it signs nothing more.
 *
 * <p>Not guaranteed: the JDK offers no way to overwrite an Ed25519 private key, so its bytes stay
 * in this process' memory until it ends, which follows at once.
 */
public final class IdentityKey implements Signer, AutoCloseable {
  private final KeyRecord record;
  private volatile @Nullable Ed25519Signer signer;

  private IdentityKey(Ed25519Signer signer) {
    this.record = signer.key();
    this.signer = signer;
  }

  public static IdentityKey generate(SecureRandom random) {
    return new IdentityKey(Ed25519Signer.generate(random));
  }

  @Override
  public KeyRecord key() {
    return record;
  }

  @Override
  public List<SignatureEntry> sign(byte[] message) {
    Ed25519Signer live = signer;
    if (live == null) {
      throw new IllegalStateException("the identity key is gone");
    }
    return live.sign(message);
  }

  @Override
  public void close() {
    signer = null;
  }
}
