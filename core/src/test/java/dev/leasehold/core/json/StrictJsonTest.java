package dev.leasehold.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of protocol §4.1 refuses the input that breaks it. */
class StrictJsonTest {

  static Stream<String> broken() {
    return Stream.of(
        "",
        "[]",
        "1",
        "{\"a\":1,\"a\":1}",
        "{\"o\":{\"a\":1,\"a\":1}}",
        "{\"a\":null}",
        "{\"a\":1.0}",
        "{\"a\":1e3}",
        "{\"a\":-1}",
        "{\"a\":-0}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":9007199254740992}",
        "{\"a\":99999999999999999999999}",
        "{\"a\":NaN}",
        "{\"a\":1}x",
        "{\"a\":1}{}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\u0001\"}",
        "/* no */{\"a\":1}",
        "\uFEFF{\"a\":1}",
        "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":1}}}}}}}}}");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refuses(String input) {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> StrictJson.parse("input", bytes, 1000)).isInstanceOf(Malformed.class);
  }

  @Test
  void refusesInvalidUtf8AndOtherEncodings() {
    byte[] truncated = {'{', '"', 'a', '"', ':', '"', (byte) 0xc3, '"', '}'};
    assertThatThrownBy(() -> StrictJson.parse("input", truncated, 100))
        .hasMessageContaining("UTF-8");
    byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);
    assertThatThrownBy(() -> StrictJson.parse("input", utf16, 100)).isInstanceOf(Malformed.class);
  }

  @Test
  void sizeAndDepthLimitsAreExact() throws Exception {
    byte[] seven = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    assertThat(StrictJson.parse("input", seven, 7).members()).hasSize(1);
    assertThatThrownBy(() -> StrictJson.parse("input", seven, 6)).hasMessageContaining("at most 6");
    String eight = "{\"a\":".repeat(8) + "1" + "}".repeat(8);
    assertThat(StrictJson.parse("input", eight.getBytes(StandardCharsets.UTF_8), 100).write())
        .isEqualTo(eight);
  }

  @Test
  void theLargestIntegerPasses() throws Exception {
    byte[] bytes = "{\"a\":9007199254740991}".getBytes(StandardCharsets.UTF_8);
    assertThat(StrictJson.parse("input", bytes, 100).get("a"))
        .contains(new Json.Int(StrictJson.MAX_INTEGER));
  }

  @Test
  void apiJsonKnowsFractionsAndNull() throws Exception {
    String text = "{\"t\":0.7,\"n\":null,\"big\":123456789012345678901,\"neg\":-3}";
    Json.Obj o = ApiJson.parse("request", text.getBytes(StandardCharsets.UTF_8), 100);
    assertThat(o.get("t")).contains(new Json.Real(0.7));
    assertThat(o.get("n")).contains(Json.Null.NULL);
    assertThat(o.get("neg")).contains(new Json.Int(-3));
  }

  @Test
  void mutationsNeverEscapeAsAnythingButMalformed() {
    byte[] seed =
        "{\"v\":1,\"a\":{\"b\":[1,2,\"x\\u00e9\"]},\"c\":true}".getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = seed.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        Json.Obj parsed = StrictJson.parse("input", bad, 1000);
        byte[] again = parsed.write().getBytes(StandardCharsets.UTF_8);
        assertThat(StrictJson.parse("input", again, 1000)).isEqualTo(parsed);
      } catch (Malformed expected) {
        assertThat(expected.expected()).isNotEmpty();
      }
    }
  }
}
