package dev.leasehold.core.evidence.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers and strings of RFC 8949 appendix A, and the forms that are refused. */
class CborReaderTest {
  @Test
  void readsNumbersInTheirShortestForm() throws Malformed {
    assertThat(reader("00").unsigned("v")).isZero();
    assertThat(reader("17").unsigned("v")).isEqualTo(23);
    assertThat(reader("1818").unsigned("v")).isEqualTo(24);
    assertThat(reader("1903e8").unsigned("v")).isEqualTo(1000);
    assertThat(reader("1a000f4240").unsigned("v")).isEqualTo(1_000_000);
    assertThat(reader("1b000000e8d4a51000").unsigned("v")).isEqualTo(1_000_000_000_000L);
    assertThat(reader("1b7fffffffffffffff").unsigned("v")).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1817",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "1bffffffffffffffff",
        "1c",
        "1f",
        "18",
        "20",
        "40",
        "f6"
      })
  void refusesEveryOtherFormOfANumber(String hex) {
    assertThatThrownBy(() -> reader(hex).unsigned("v")).isInstanceOf(Malformed.class);
  }

  @Test
  void readsStrings() throws Malformed {
    assertThat(reader("4401020304").byteString("v", 0, 4)).containsExactly(1, 2, 3, 4);
    assertThat(reader("40").byteString("v", 0, 4)).isEmpty();
    assertThat(reader("6449455446").text("v", 4)).isEqualTo("IETF");
    assertThat(reader("62c3bc").text("v", 4)).isEqualTo("ü");
    assertThat(reader("f6").skipNull()).isTrue();
    assertThat(reader("40").skipNull()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5f42010243030405ff", "4501020304", "44010203", "60", "5a7fffffff", "44"})
  void refusesStringsThatAreChunkedCutOrOutOfBounds(String hex) {
    assertThatThrownBy(() -> reader(hex).byteString("v", 0, 4)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "62c328", "61ff", "6561626364", "7f6161ff", "4161"})
  void refusesTextThatIsEmptyOrNotUtf8OrInChunks(String hex) {
    assertThatThrownBy(() -> reader(hex).text("v", 4)).isInstanceOf(Malformed.class);
  }

  @Test
  void readsMapsOfBothLengths() throws Malformed {
    for (String hex : new String[] {"a201020304", "bf01020304ff"}) {
      CborReader in = reader(hex);
      CborReader.Entries entries = in.map("m", 2);
      long sum = 0;
      while (entries.next()) {
        sum += in.unsigned("k") * in.unsigned("v");
      }
      in.end();
      assertThat(sum).isEqualTo(14);
    }
  }

  @Test
  void refusesMapsThatAreLargerThanAllowedOrNeverEnd() {
    assertThatThrownBy(() -> reader("a3").map("m", 2)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("bbffffffffffffffff").map("m", 2))
        .isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> drain("bf010101010101ff")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> drain("bf0101")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> drain("bf01ff")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("bfff").emptyMap("m")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("a10101").emptyMap("m")).isInstanceOf(Malformed.class);
  }

  @Test
  void readsArraysOfTheLengthThatIsAskedFor() throws Malformed {
    reader("84").array("a", 4);
    assertThat(reader("83").array("a", 1, 8)).isEqualTo(3);
    assertThatThrownBy(() -> reader("83").array("a", 4)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("80").array("a", 1, 8)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("9f0101ff").array("a", 1, 8)).isInstanceOf(Malformed.class);
  }

  @Test
  void nothingMayFollow() throws Malformed {
    CborReader in = reader("0000");
    in.unsigned("v");
    assertThatThrownBy(in::end).isInstanceOf(Malformed.class);
  }

  private static void drain(String hex) throws Malformed {
    CborReader in = reader(hex);
    CborReader.Entries entries = in.map("m", 2);
    while (entries.next()) {
      in.unsigned("k");
      in.unsigned("v");
    }
  }

  private static CborReader reader(String hex) {
    return new CborReader("test", new HexBytes(hex).bytes());
  }
}
