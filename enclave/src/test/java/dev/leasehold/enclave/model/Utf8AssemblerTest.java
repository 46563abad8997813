package dev.leasehold.enclave.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8AssemblerTest {
  @Test
  void neverEmitsHalfACharacter() {
    String text = "a é 漢字 🙂 z";
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Utf8Assembler assembler = new Utf8Assembler();
    StringBuilder out = new StringBuilder();
    for (byte one : utf8) {
      String piece = assembler.append(new byte[] {one});
      assertThat(piece).doesNotContain("\uFFFD");
      if (!piece.isEmpty()) {
        assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isFalse();
      }
      out.append(piece);
    }
    assertThat(out + assembler.flush()).isEqualTo(text);
  }

  @Test
  void bytesThatAreNoTextBecomeReplacementCharactersAsTheJdkWouldHaveThem() {
    Random random = new Random(1);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      Utf8Assembler assembler = new Utf8Assembler();
      int cut = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
      String out =
          assembler.append(Arrays.copyOf(bytes, cut))
              + assembler.append(Arrays.copyOfRange(bytes, cut, bytes.length))
              + assembler.flush();
      assertThat(out).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
