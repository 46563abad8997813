package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hex;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AesGcmTest {
  private static final byte[] NONCE = new byte[12];
  private static final byte[] AAD = {9};
  private static final byte[] TEXT = {1, 2, 3, 4, 5};

  private final AesGcm gcm = new AesGcm(key());

  /** Test case 14 of the GCM specification (McGrew and Viega). */
  @Test
  void agreesWithThePublishedVector() throws Exception {
    AesGcm zero = new AesGcm(SecretBytes.taking(new byte[32]));
    ByteBuffer out = ByteBuffer.allocateDirect(32);
    zero.seal(new byte[12], new byte[0], ByteBuffer.allocateDirect(16), out);
    assertThat(Hex.encode(bytes(out)))
        .isEqualTo("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  }

  @Test
  void eachPartIsBound() throws Exception {
    byte[] sealed = seal();
    assertThat(open(NONCE, AAD, sealed)).isEqualTo(TEXT);
    byte[] nonce = NONCE.clone();
    nonce[11] = 1;
    assertNotOpened(nonce, AAD, sealed);
    assertNotOpened(NONCE, new byte[0], sealed);
    assertNotOpened(NONCE, AAD, Arrays.copyOf(sealed, 15));
    for (int i = 0; i < sealed.length; i++) {
      byte[] flipped = sealed.clone();
      flipped[i] ^= 1;
      assertNotOpened(NONCE, AAD, flipped);
    }
  }

  @Test
  void sealingTwiceWithOneNonceThrows() {
    seal();
    assertThatThrownBy(this::seal).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWipedKeyIsOfNoUse() {
    byte[] sealed = seal();
    gcm.close();
    assertThatThrownBy(() -> open(NONCE, AAD, sealed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the key was wiped");
  }

  @Test
  void otherKeyLengthsAreRefused() {
    assertThatThrownBy(() -> new AesGcm(SecretBytes.taking(new byte[16])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private byte[] seal() {
    ByteBuffer out = ByteBuffer.allocate(TEXT.length + AesGcm.TAG_BYTES);
    gcm.seal(NONCE, AAD, ByteBuffer.wrap(TEXT), out);
    return out.array();
  }

  private byte[] open(byte[] nonce, byte[] aad, byte[] sealed) throws OpenFailed {
    ByteBuffer out = ByteBuffer.allocate(sealed.length);
    gcm.open(nonce, aad, ByteBuffer.wrap(sealed), out);
    return bytes(out);
  }

  private void assertNotOpened(byte[] nonce, byte[] aad, byte[] sealed) {
    assertThatThrownBy(() -> open(nonce, aad, sealed)).isInstanceOf(OpenFailed.class);
  }

  private static byte[] bytes(ByteBuffer filled) {
    filled.flip();
    byte[] out = new byte[filled.remaining()];
    filled.get(out);
    return out;
  }

  private static SecretBytes key() {
    byte[] key = new byte[32];
    key[0] = 5;
    return SecretBytes.taking(key);
  }
}
