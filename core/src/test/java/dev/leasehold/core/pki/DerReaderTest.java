package dev.leasehold.core.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerReaderTest {
  @Test
  void readsEachTypeInTheFormThatDerGivesIt() throws Malformed {
    assertThat(reader("020100").integer("v", 255)).isZero();
    assertThat(reader("02017f").integer("v", 255)).isEqualTo(127);
    assertThat(reader("020200db").integer("v", 255)).isEqualTo(219);
    assertThat(reader("0202ff00").integer("v")).isEqualTo(BigInteger.valueOf(-256));
    assertThat(reader("160547656e6f61").ia5String("v")).isEqualTo("Genoa");
    assertThat(reader("0402aabb").octetString("v")).containsExactly(0xaa, 0xbb);
    assertThat(reader("030200aa").bitString("v")).containsExactly(0xaa);
    assertThat(reader("0a0100").enumerated("v")).isZero();
    assertThat(reader("0101ff").bool("v")).isTrue();
    assertThat(reader("06092a864886f84d010d01").oid("v")).isEqualTo("1.2.840.113741.1.13.1");
    assertThat(reader("0603883703").oid("v")).isEqualTo("2.999.3");
    assertThat(reader("048180" + "00".repeat(128)).octetString("v")).hasSize(128);
  }

  @Test
  void nestsAndLeavesNothingOver() throws Malformed {
    DerReader outer = reader("3008a003020101020102");
    DerReader list = outer.sequence("list");
    outer.end();
    assertThat(list.at(DerReader.context(0))).isTrue();
    assertThat(list.constructed("tagged", DerReader.context(0)).integer("v", 9)).isEqualTo(1);
    assertThat(list.any("last")).containsExactly(2, 1, 2);
    assertThat(list.hasMore()).isFalse();
    list.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0201db",
        "0202007f",
        "02020100",
        "0200",
        "028101aa",
        "030100",
        "0202ff80",
        "0280",
        "02",
        "0285000000000101",
        "020101ff",
        ""
      })
  void refusesEveryOtherSpellingOfASmallInteger(String hex) {
    assertThatThrownBy(
            () -> {
              DerReader r = reader(hex);
              r.integer("v", 255);
              r.end();
            })
        .isInstanceOf(Malformed.class);
  }

  @Test
  void refusesWhatOtherTypesDoNotAllow() {
    assertThatThrownBy(() -> reader("160141ff").octetString("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("16010a").ia5String("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("1601e4").ia5String("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("0402aa").octetString("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("030204aa").bitString("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("010101").bool("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("0600").oid("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("06022a86").oid("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("06032a8001").oid("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("048000").octetString("v")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> reader("0481" + "7f" + "00".repeat(127)).octetString("v"))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void noInputMakesItThrowAnythingElse() {
    Random random = new Random(20_261_125);
    for (int n = 0; n < 20_000; n++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      try {
        walk(new DerReader("fuzz", bytes), 0);
      } catch (Malformed e) {
        assertThat(e.field()).startsWith("fuzz");
      }
    }
  }

  private static void walk(DerReader r, int depth) throws Malformed {
    while (r.hasMore()) {
      if (r.at(DerReader.SEQUENCE) && depth < 8) {
        walk(r.sequence("s"), depth + 1);
      } else if (r.at(DerReader.OBJECT_IDENTIFIER)) {
        r.oid("o");
      } else if (r.at(DerReader.INTEGER)) {
        r.integer("i");
      } else {
        r.any("any");
      }
    }
  }

  private static DerReader reader(String hex) throws Malformed {
    return new DerReader("test", Hex.decode("test", hex));
  }
}
