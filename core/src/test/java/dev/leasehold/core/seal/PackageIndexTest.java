package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackageIndexTest {
  private static final Hash H = new Hash("ab".repeat(32));
  private static final PackageIndex INDEX =
      new PackageIndex(List.of(file("a", 3), file("b/c", 0), file("é", 7)));
  private static final String JSON = new String(INDEX.encode(), StandardCharsets.UTF_8);

  @Test
  void readsWhatItWrites() throws Exception {
    assertThat(PackageIndex.parse(INDEX.encode())).isEqualTo(INDEX);
    assertThat(INDEX.streamBytes()).isEqualTo(4 + INDEX.encode().length + 10);
    assertThat(PackageIndex.parse(new PackageIndex(List.of()).encode()).files()).isEmpty();
  }

  @Test
  void oneSpellingOnly() {
    assertRefused(" " + JSON);
    assertRefused(JSON + " ");
    assertRefused(JSON.replace("\"a\"", "\"\\u0061\""));
    assertRefused(JSON.replace("b/c", "b\\/c"));
    assertRefused(JSON.replace("\"path\":\"a\",\"bytes\":3", "\"bytes\":3,\"path\":\"a\""));
    assertRefused(JSON.replace("abab", "ABAB"));
  }

  @Test
  void exactlyTheMembers() {
    assertRefused(JSON.replace("\"v\":1", "\"v\":2"));
    assertRefused(JSON.replace("\"v\":1,", ""));
    assertRefused(JSON.replace("\"v\":1,", "\"v\":1,\"w\":1,"));
    assertRefused(JSON.replace("\"bytes\":3,", ""));
    assertRefused(JSON.replace("\"bytes\":3,", "\"bytes\":3,\"mode\":4,"));
    assertRefused(JSON.replace("\"bytes\":3", "\"bytes\":-3"));
    assertRefused(JSON.replace("\"bytes\":3", "\"bytes\":\"3\""));
    assertRefused(JSON.replace("\"bytes\":3", "\"bytes\":9007199254740991"));
  }

  @Test
  void pathsAreRelativeAndPlain() {
    for (String path :
        List.of(
            "",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            "a\\\\b",
            "a\\\"b",
            "a\\n",
            "a\\u0000",
            "a".repeat(501))) {
      assertRefused(JSON.replace("\"a\"", "\"" + path + "\""));
    }
    assertThat(PackageFile.pathFault("a".repeat(500))).isEmpty();
    assertThat(PackageFile.pathFault("...")).isEmpty();
    assertThat(PackageFile.pathFault("a/.b/c d")).isEmpty();
  }

  @Test
  void pathsAreSortedByBytesAndUnique() {
    assertRefused(JSON.replace("\"a\"", "\"c\""));
    assertRefused(JSON.replace("\"a\"", "\"b/c\""));
    // By UTF-16 the surrogate pair would come first, by UTF-8 bytes it comes last.
    String privateUse = "\uE000";
    String emoji = "😀";
    assertThat(new PackageIndex(List.of(file(privateUse, 0), file(emoji, 0))).files()).hasSize(2);
    assertThatThrownBy(() -> new PackageIndex(List.of(file(emoji, 0), file(privateUse, 0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anIndexBeyondItsLimitIsRefusedBeforeParsing() {
    assertThatThrownBy(() -> PackageIndex.parse(new byte[PackageIndex.MAX_BYTES + 1]))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("4194304");
  }

  @Test
  void mutationsAreReadBackOrRefused() throws Exception {
    Fuzz.mutate(
        3,
        INDEX.encode(),
        3000,
        input -> {
          try {
            assertThat(PackageIndex.parse(input).encode()).isEqualTo(input);
          } catch (Malformed expected) {
            assertThat(expected.field()).startsWith("index");
          }
        });
  }

  private static PackageFile file(String path, long bytes) {
    return new PackageFile(path, bytes, H, H);
  }

  private static void assertRefused(String json) {
    assertThat(json).isNotEqualTo(JSON);
    assertThatThrownBy(() -> PackageIndex.parse(json.getBytes(StandardCharsets.UTF_8)))
        .as(json)
        .isInstanceOf(Malformed.class);
  }
}
