package dev.leasehold.core.hpke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HpkeTest {
  private static final byte[] INFO = {1, 2, 3};
  private static final byte[] AAD = {4, 5};
  private static final byte[] TEXT = "weights".getBytes(StandardCharsets.UTF_8);
  private static final byte[] EXPORTER = {7};

  private final HpkeKeyPair pair = HpkeKeyPair.generate();
  private final Sealed sealed = Hpke.seal(pair.publicKey(), INFO, AAD, TEXT);

  @Test
  void whatIsSealedOpens() throws Exception {
    assertThat(sealed.enc().length()).isEqualTo(Hpke.ENC_BYTES);
    assertThat(sealed.ct().length()).isEqualTo(TEXT.length + Hpke.TAG_BYTES);
    assertThat(Hpke.open(pair, sealed, INFO, AAD)).isEqualTo(TEXT);
  }

  @Test
  void eachPartIsBound() {
    assertNotOpened(pair, flip(sealed.enc(), 0), sealed.ct(), INFO, AAD);
    assertNotOpened(pair, flip(sealed.enc(), Hpke.ENC_BYTES - 1), sealed.ct(), INFO, AAD);
    for (int i = 0; i < sealed.ct().length(); i++) {
      assertNotOpened(pair, sealed.enc(), flip(sealed.ct(), i), INFO, AAD);
    }
    assertNotOpened(pair, sealed.enc(), sealed.ct(), new byte[] {1, 2}, AAD);
    assertNotOpened(pair, sealed.enc(), sealed.ct(), INFO, new byte[0]);
    assertNotOpened(HpkeKeyPair.generate(), sealed.enc(), sealed.ct(), INFO, AAD);
  }

  @Test
  void wrongLengthsAreTheSameError() {
    byte[] enc = sealed.enc().toArray();
    assertNotOpened(pair, Bytes.EMPTY, sealed.ct(), INFO, AAD);
    assertNotOpened(pair, Bytes.of(Arrays.copyOf(enc, 1119)), sealed.ct(), INFO, AAD);
    assertNotOpened(pair, Bytes.of(Arrays.copyOf(enc, 1121)), sealed.ct(), INFO, AAD);
    assertNotOpened(pair, sealed.enc(), Bytes.EMPTY, INFO, AAD);
    byte[] smallOrder = enc.clone();
    Arrays.fill(smallOrder, 1088, 1120, (byte) 0);
    assertNotOpened(pair, Bytes.of(smallOrder), sealed.ct(), INFO, AAD);
    assertNotOpened(pair, sealed.enc(), Bytes.of(new byte[15]), INFO, AAD);
  }

  @Test
  void mutationsNeverOpenNorThrowAnythingElse() throws Exception {
    byte[] enc = sealed.enc().toArray();
    byte[] ct = sealed.ct().toArray();
    Fuzz.mutate(
        1,
        enc,
        60,
        e -> {
          if (!Arrays.equals(e, enc)) {
            assertNotOpened(pair, Bytes.of(e), sealed.ct(), INFO, AAD);
          }
        });
    Fuzz.mutate(
        2,
        ct,
        60,
        c -> {
          if (!Arrays.equals(c, ct)) {
            assertNotOpened(pair, sealed.enc(), Bytes.of(c), INFO, AAD);
          }
        });
  }

  @Test
  void twoMessagesNeverLookAlike() {
    Sealed again = Hpke.seal(pair.publicKey(), INFO, AAD, TEXT);
    assertThat(again.enc()).isNotEqualTo(sealed.enc());
    assertThat(again.ct()).isNotEqualTo(sealed.ct());
  }

  @Test
  void bothSidesExportTheSameSecret() throws Exception {
    Hpke.Request request = Hpke.sealAndExport(pair.publicKey(), INFO, AAD, TEXT, EXPORTER, 32);
    try (Hpke.Opened opened = Hpke.openAndExport(pair, request.sealed(), INFO, AAD, EXPORTER, 32)) {
      assertThat(opened.plaintext().exposeArray()).isEqualTo(TEXT);
      assertThat(opened.secret().matches(request.secret())).isTrue();
      assertThat(opened.secret().length()).isEqualTo(32);
    }
    try (Hpke.Opened other =
        Hpke.openAndExport(pair, request.sealed(), INFO, AAD, new byte[] {8}, 32)) {
      assertThat(other.secret().matches(request.secret())).isFalse();
    }
  }

  @Test
  void aWipedKeyOpensNothing() {
    assertThat(pair.isDestroyed()).isFalse();
    pair.close();
    assertThat(pair.isDestroyed()).isTrue();
    assertNotOpened(pair, sealed.enc(), sealed.ct(), INFO, AAD);
  }

  @Test
  void aStoredPairOpens() throws Exception {
    SecretBytes seed = pair.exportSeed();
    assertThat(seed.length()).isEqualTo(HpkeKeyPair.SEED_BYTES);
    HpkePublicKey publicKey = HpkePublicKey.parse("importKey", pair.publicKey().raw());
    assertThat(publicKey).isEqualTo(pair.publicKey()).hasSameHashCodeAs(pair.publicKey());
    assertThat(Hpke.open(HpkeKeyPair.restore(publicKey, seed), sealed, INFO, AAD)).isEqualTo(TEXT);
  }

  @Test
  void aSeedOfAnotherKeyIsRefused() {
    SecretBytes other = HpkeKeyPair.generate().exportSeed();
    assertThatThrownBy(() -> HpkeKeyPair.restore(pair.publicKey(), other))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("seed");
    assertThatThrownBy(
            () -> HpkeKeyPair.restore(pair.publicKey(), SecretBytes.taking(new byte[31])))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("31 bytes");
  }

  @Test
  void publicKeysAreParsed() {
    byte[] raw = pair.publicKey().raw().toArray();
    assertThatThrownBy(() -> HpkePublicKey.parse("sk", Bytes.of(Arrays.copyOf(raw, 1215))))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("sk: expected an X-Wing key of 1216 bytes, found 1215 bytes");
    // Coefficients of ML-KEM must be below 3329; twelve set bits are 4095.
    Arrays.fill(raw, 0, 3, (byte) 0xff);
    assertThatThrownBy(() -> HpkePublicKey.parse("sk", Bytes.of(raw)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("coefficients");
  }

  private static void assertNotOpened(
      HpkeKeyPair key, Bytes enc, Bytes ct, byte[] info, byte[] aad) {
    assertThatThrownBy(() -> Hpke.open(key, new Sealed(enc, ct), info, aad))
        .isInstanceOf(OpenFailed.class)
        .hasMessage("sealed data did not open")
        .hasNoCause();
  }

  private static Bytes flip(Bytes bytes, int at) {
    byte[] b = bytes.toArray();
    b[at] ^= 1;
    return Bytes.of(b);
  }
}
