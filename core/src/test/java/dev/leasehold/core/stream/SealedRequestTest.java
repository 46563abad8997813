package dev.leasehold.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.hpke.Hpke;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SealedRequestTest {
  private static final Hash KEYCONFIG = new Hash("aa".repeat(32));
  private static final byte[] JSON = "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
  private static final long LIMIT = 1 << 20;
  private static final int HEAD = 1 + 32 + 1120 + 4;

  private final HpkeKeyPair ck = HpkeKeyPair.generate();
  private final SealedRequest.Sent sent = seal(JSON);
  private final byte[] encoded = sent.request().encode();

  @Test
  void whatIsSentArrives() throws Exception {
    assertThat(encoded).hasSize(HEAD + 1024 + 16).startsWith(1, 0xaa);
    SealedRequest parsed = SealedRequest.parse(encoded, LIMIT);
    assertThat(parsed).isEqualTo(sent.request());
    assertThat(parsed.hash()).isEqualTo(Digests.sha256(encoded));
    try (SealedRequest.Received received = parsed.open(ck)) {
      assertThat(received.json().exposeArray()).isEqualTo(JSON);
      assertThat(received.responseSecret().matches(sent.responseSecret())).isTrue();
    }
  }

  @Test
  void everyHeaderByteIsBound() {
    for (int at : new int[] {1, 32, 33, 600, HEAD - 5, HEAD, encoded.length - 1}) {
      byte[] flipped = encoded.clone();
      flipped[at] ^= 1;
      assertThatThrownBy(() -> SealedRequest.parse(flipped, LIMIT).open(ck))
          .as("byte " + at)
          .isInstanceOf(OpenFailed.class);
    }
    assertThatThrownBy(() -> sent.request().open(HpkeKeyPair.generate()))
        .isInstanceOf(OpenFailed.class);
  }

  @Test
  void lengthsAreHiddenInPowersOfTwo() {
    assertThat(seal(new byte[0]).request().encode()).hasSize(HEAD + 1024 + 16);
    assertThat(seal(new byte[1020]).request().encode()).hasSize(HEAD + 1024 + 16);
    assertThat(seal(new byte[1021]).request().encode()).hasSize(HEAD + 2048 + 16);
    assertThat(seal(new byte[2044]).request().encode()).hasSize(HEAD + 2048 + 16);
    assertThat(seal(new byte[(1 << 20) - 4]).request().encode())
        .hasSize((int) SealedRequest.maxEncodedBytes(LIMIT));
  }

  @Tag("CO-08")
  @Test
  void theLimitHoldsOnBothSides() throws Exception {
    assertThatThrownBy(() -> seal(new byte[(1 << 20) - 3])).hasRootCauseInstanceOf(Malformed.class);
    SealedRequest big =
        SealedRequest.seal(KEYCONFIG, ck.publicKey(), new byte[3000], LIMIT).request();
    assertThatThrownBy(() -> SealedRequest.parse(big.encode(), 2048))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("at most");
    assertThatThrownBy(
            () -> SealedRequest.seal(KEYCONFIG, ck.publicKey(), new byte[1 << 24], Long.MAX_VALUE))
        .isInstanceOf(Malformed.class);
    assertThat(SealedRequest.maxEncodedBytes(Long.MAX_VALUE)).isEqualTo(HEAD + (1 << 24) + 16);
  }

  @Tag("CO-08")
  @Test
  void otherFormsAreRefusedByName() {
    byte[] version = encoded.clone();
    version[0] = 2;
    assertMalformed(version, "sealed-request.version");
    assertMalformed(Arrays.copyOf(encoded, encoded.length - 1), "sealed-request.ct:");
    assertMalformed(Arrays.copyOf(encoded, encoded.length + 1), "sealed-request:");
    assertMalformed(Arrays.copyOf(encoded, HEAD - 1), "sealed-request.ctLen");
    byte[] huge = encoded.clone();
    Arrays.fill(huge, HEAD - 4, HEAD, (byte) 0xff);
    assertMalformed(huge, "sealed-request.ct:");
    byte[] odd =
        new ByteWriter()
            .bytes(Arrays.copyOf(encoded, HEAD - 4))
            .u32(1041)
            .zeros(1041)
            .toByteArray();
    assertMalformed(odd, "sealed-request.ctLen");
    byte[] small =
        new ByteWriter().bytes(Arrays.copyOf(encoded, HEAD - 4)).u32(528).zeros(528).toByteArray();
    assertMalformed(small, "sealed-request.ctLen");
  }

  @Test
  void paddingThatAnHonestConsumerDoesNotMakeIsAsIfItHadNotOpened() {
    byte[] nonzero = RequestPadding.pad(JSON);
    nonzero[1023] = 1;
    assertPaddingRefused(nonzero);
    byte[] tooLong = new byte[2048];
    assertPaddingRefused(tooLong);
    byte[] overrun = RequestPadding.pad(JSON);
    overrun[0] = (byte) 0xff;
    assertPaddingRefused(overrun);
    byte[] off = RequestPadding.pad(JSON);
    off[2] = 4;
    assertPaddingRefused(off);
  }

  private void assertPaddingRefused(byte[] padded) {
    byte[] aad = new ByteWriter().u8(1).bytes(KEYCONFIG.bytes()).toByteArray();
    byte[] info =
        new ByteWriter()
            .bytes("leasehold/1/infer\0".getBytes(StandardCharsets.US_ASCII))
            .bytes(KEYCONFIG.bytes())
            .toByteArray();
    Sealed sealed = Hpke.seal(ck.publicKey(), info, aad, padded);
    assertThatThrownBy(() -> RequestPadding.unpad(padded)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> new SealedRequest(KEYCONFIG, sealed).open(ck))
        .isInstanceOf(OpenFailed.class)
        .hasNoCause();
  }

  @Test
  void mutationsAreRefused() throws Exception {
    Fuzz.mutate(
        6,
        encoded,
        300,
        input -> {
          if (Arrays.equals(input, encoded)) {
            return;
          }
          try {
            SealedRequest.parse(input, LIMIT).open(ck).close();
            throw new AssertionError("opened");
          } catch (Malformed | OpenFailed expected) {
            assertThat(expected).hasNoCause();
          }
        });
  }

  @Test
  void paddingIsUndoneExactly() throws Exception {
    for (int n : new int[] {0, 1, 1019, 1020, 1021, 5000}) {
      byte[] json = new byte[n];
      Arrays.fill(json, (byte) 'x');
      assertThat(RequestPadding.unpad(RequestPadding.pad(json))).isEqualTo(json);
    }
    Fuzz.mutate(
        7,
        RequestPadding.pad(JSON),
        2000,
        input -> {
          try {
            assertThat(RequestPadding.pad(RequestPadding.unpad(input))).isEqualTo(input);
          } catch (Malformed expected) {
            assertThat(expected.field()).startsWith("request");
          }
        });
  }

  private SealedRequest.Sent seal(byte[] json) {
    try {
      return SealedRequest.seal(KEYCONFIG, ck.publicKey(), json, LIMIT);
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertMalformed(byte[] encoded, String message) {
    assertThatThrownBy(() -> SealedRequest.parse(encoded, LIMIT))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith(message);
  }
}
