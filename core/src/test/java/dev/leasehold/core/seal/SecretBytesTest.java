package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SecretBytesTest {
  @Test
  void takingEmptiesTheSource() {
    byte[] source = {1, 2, 3};
    SecretBytes secret = SecretBytes.taking(source);
    assertThat(source).containsOnly(0);
    assertThat(secret.exposeArray()).containsExactly(1, 2, 3);
    assertThat(secret.length()).isEqualTo(3);
  }

  @Tag("D11")
  @Test
  void closeOverwritesAndEndsAccess() {
    SecretBytes secret = SecretBytes.taking(new byte[] {1, 2, 3});
    MemorySegment seenBefore = secret.expose();
    secret.close();
    secret.close();
    assertThat(secret.isClosed()).isTrue();
    assertThat(seenBefore.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    assertThatThrownBy(secret::expose).hasMessage("the secret was wiped");
    assertThatThrownBy(secret::exposeArray).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> secret.matches(secret)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void lentArraysAreOverwritten() {
    SecretBytes secret = SecretBytes.taking(new byte[] {4, 5});
    byte[] lent = secret.exposeTo(b -> b);
    assertThat(lent).containsOnly(0);
    assertThat(secret.exposeArray()).containsExactly(4, 5);
  }

  @Test
  void theViewIsReadOnly() {
    SecretBytes secret = SecretBytes.taking(new byte[2]);
    assertThat(secret.expose().isReadOnly()).isTrue();
  }

  /** Error Prone refuses to compile code that prints it or compares it with equals. */
  @Test
  void itHasNoTextAndNoEquality() throws Exception {
    for (String method : new String[] {"toString", "hashCode"}) {
      assertThat(SecretBytes.class.getMethod(method).getDeclaringClass()).isEqualTo(Object.class);
    }
    assertThat(SecretBytes.class.getMethod("equals", Object.class).getDeclaringClass())
        .isEqualTo(Object.class);
  }

  @Test
  void matchingComparesContents() {
    SecretBytes a = SecretBytes.taking(new byte[] {1, 2});
    assertThat(a.matches(a.copy())).isTrue();
    assertThat(a.matches(SecretBytes.taking(new byte[] {1, 3}))).isFalse();
    assertThat(a.matches(SecretBytes.taking(new byte[] {1}))).isFalse();
    SecretBytes random = SecretBytes.random(32, new SecureRandom());
    assertThat(random.matches(SecretBytes.random(32, new SecureRandom()))).isFalse();
  }
}
