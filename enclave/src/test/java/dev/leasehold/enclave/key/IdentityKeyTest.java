package dev.leasehold.enclave.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

final class IdentityKeyTest {
  private final byte[] message = {1, 2, 3};

  @Test
  void signaturesAreDeterministicSoTheyCarryNothing() {
    try (IdentityKey key = IdentityKey.generate(new SecureRandom())) {
      assertThat(key.sign(message)).isEqualTo(key.sign(message));
    }
  }

  @Test
  void everyBootHasAnother() {
    SecureRandom random = new SecureRandom();
    assertThat(IdentityKey.generate(random).key()).isNotEqualTo(IdentityKey.generate(random).key());
  }

  @Test
  void afterItIsClosedItSignsNothing() {
    IdentityKey key = IdentityKey.generate(new SecureRandom());
    key.close();
    assertThatIllegalStateException().isThrownBy(() -> key.sign(message));
  }
}
