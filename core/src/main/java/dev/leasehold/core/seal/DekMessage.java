package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.Id;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A DEK on its way: {@code 01 ‖ dekId(16) ‖ DEK(32)}, the plaintext of an import and of a key
 * release (protocol §5). {@link #close} overwrites the key.
 */
public record DekMessage(Id dekId, SecretBytes dek) implements AutoCloseable {
  private static final byte WHOLE_KEY = 1;
  private static final int LENGTH = 1 + Id.BYTES + AesGcm.KEY_BYTES;

  public DekMessage {
    if (dek.length() != AesGcm.KEY_BYTES) {
      throw new IllegalArgumentException("expected a DEK of 32 bytes, found " + dek.length());
    }
  }

  /** Reads and overwrites the plaintext; any other form is as if it had not opened. */
  public static DekMessage taking(byte[] plaintext) throws OpenFailed {
    try {
      if (plaintext.length != LENGTH || plaintext[0] != WHOLE_KEY) {
        throw new OpenFailed();
      }
      Id dekId = Id.of(Arrays.copyOfRange(plaintext, 1, 1 + Id.BYTES));
      byte[] key = Arrays.copyOfRange(plaintext, 1 + Id.BYTES, LENGTH);
      return new DekMessage(dekId, SecretBytes.taking(key));
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  /** The plaintext, which the caller overwrites. */
  public byte[] exposeEncoded() {
    byte[] out = new byte[LENGTH];
    out[0] = WHOLE_KEY;
    System.arraycopy(dekId.bytes(), 0, out, 1, Id.BYTES);
    MemorySegment.copy(dek.expose(), ValueLayout.JAVA_BYTE, 0, out, 1 + Id.BYTES, AesGcm.KEY_BYTES);
    return out;
  }

  @Override
  public void close() {
    dek.close();
  }
}
