package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.stream.SealedRequest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerKeysTest {
  private static final int MAX_NONCES = 2000;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private FakeLease lease;
  private ConsumerKeys keys;

  @BeforeEach
  void open() throws Exception {
    lease = new FakeLease();
    keys = new ConsumerKeys(lease, clock::get, new SecureRandom(), MAX_NONCES);
  }

  @Test
  void aKeyLivesForOneDayByTheMonotonicClock() throws Exception {
    ConsumerKey first = current();
    clock.addAndGet(TimeUnit.HOURS.toNanos(24) - 1);
    assertThat(current()).isSameAs(first);

    clock.addAndGet(1);

    KeyConfig second = current().config().body();
    assertThat(second.keySeq()).isEqualTo(2);
    assertThat(second.ck()).isNotEqualTo(first.config().body().ck());
    assertThat(keys.named(first.config().hash())).isEmpty();
    assertDestroyed(first);
  }

  @Test
  void aRotateCommandReplacesTheKey() throws Exception {
    ConsumerKey first = current();
    lease.rotations = 1;
    assertThat(current().config().body().keySeq()).isEqualTo(2);
    assertDestroyed(first);
  }

  @Test
  void aWornKeyIsReplacedAndTakesNoMore() {
    ConsumerKey first = current();
    for (int i = 0; i < MAX_NONCES; i++) {
      assertThat(first.firstUse(nonce(i))).isTrue();
      assertThat(first.firstUse(nonce(i))).isFalse();
    }
    assertThat(first.firstUse(nonce(-1))).isFalse();
    assertThat(current().config().body().keySeq()).isEqualTo(2);
    assertThat(current().firstUse(nonce(0))).isTrue();
  }

  @Test
  void theConfigurationSaysWhatTheLeaseSays() {
    KeyConfig config = current().config().body();
    assertThat(config.frameBytes()).isEqualTo(FakeLease.FRAME_BYTES);
    assertThat(config.frameMs()).isEqualTo(5);
    assertThat(config.modelDigest()).isEqualTo(lease.modelPackage.modelDigest());
    assertThat(config.issuedAt()).isEqualTo(lease.view().tMin());
    assertThat(config.expiresAt() - config.issuedAt()).isEqualTo(86_400_000);
  }

  @Test
  void onceClosedThereIsNoKey() throws Exception {
    ConsumerKey first = current();
    keys.close();
    assertThat(keys.current()).isEmpty();
    assertDestroyed(first);
  }

  private ConsumerKey current() {
    return keys.current().orElseThrow();
  }

  private static void assertDestroyed(ConsumerKey key) throws Exception {
    KeyConfig config = key.config().body();
    HpkePublicKey ck = HpkePublicKey.parse("ck", config.ck());
    SealedRequest request =
        SealedRequest.seal(key.config().hash(), ck, new byte[1], 1 << 20).request();
    assertThatThrownBy(() -> key.open(request)).isInstanceOf(OpenFailed.class);
  }

  private static Nonce nonce(int n) {
    return n == 0
        ? Nonce.of(new byte[Nonce.BYTES])
        : Nonce.of(Digests.sha256(Integer.toString(n).getBytes(StandardCharsets.UTF_8)).bytes());
  }
}
