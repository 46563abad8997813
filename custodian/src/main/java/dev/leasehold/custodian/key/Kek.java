package dev.leasehold.custodian.key;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.AesGcm;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** The key that wraps the keys of packages (protocol §2: AES-256-GCM, AAD = dekId). */
public final class Kek implements AutoCloseable {
  private final AesGcm cipher;
  private final SecureRandom random;

  public Kek(SecretBytes key, SecureRandom random) {
    this.cipher = new AesGcm(key);
    this.random = random;
  }

  /** {@code nonce(12) ‖ ciphertext ‖ tag} in base64. */
  public synchronized String wrap(Id dekId, SecretBytes dek) {
    byte[] nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(nonce);
    return dek.exposeTo(plain -> {
      ByteBuffer out = ByteBuffer.allocate(plain.length + AesGcm.TAG_BYTES);
      cipher.seal(nonce, dekId.bytes(), ByteBuffer.wrap(plain), out);
      return Bytes.of(new ByteWriter().bytes(nonce, out.array()).toByteArray()).base64();
    });
  }

  public synchronized SecretBytes unwrap(Id dekId, String wrapped) throws OpenFailed {
    byte[] bytes;
    try {
      bytes = Bytes.fromBase64("dek.wrapped", wrapped).toArray();
    } catch (Malformed e) {
      throw new OpenFailed();
    }
    if (bytes.length != AesGcm.NONCE_BYTES + AesGcm.KEY_BYTES + AesGcm.TAG_BYTES) {
      throw new OpenFailed();
    }
    byte[] plain = new byte[AesGcm.KEY_BYTES];
    cipher.open(
        Arrays.copyOf(bytes, AesGcm.NONCE_BYTES),
        dekId.bytes(),
        ByteBuffer.wrap(bytes, AesGcm.NONCE_BYTES, bytes.length - AesGcm.NONCE_BYTES),
        ByteBuffer.wrap(plain));
    return SecretBytes.taking(plain);
  }

  @Override
  public void close() {
    cipher.close();
  }
}
