package dev.leasehold.core.evidence.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DerTest {
  @Test
  void readsWhatAmdWrites() throws Malformed {
    assertThat(Der.smallInteger("f", hex("020100"))).isZero();
    assertThat(Der.smallInteger("f", hex("02017f"))).isEqualTo(127);
    assertThat(Der.smallInteger("f", hex("020200db"))).isEqualTo(219);
    assertThat(Der.ia5String("f", hex("160547656e6f61"))).isEqualTo("Genoa");
    assertThat(Der.octetString("f", hex("0402aabb"))).containsExactly(0xaa, 0xbb);
  }

  @Test
  void refusesEveryOtherSpelling() {
    refused(() -> Der.smallInteger("f", hex("0201db")));
    refused(() -> Der.smallInteger("f", hex("0202007f")));
    refused(() -> Der.smallInteger("f", hex("02020100")));
    refused(() -> Der.smallInteger("f", hex("0200")));
    refused(() -> Der.smallInteger("f", hex("02010000")));
    refused(() -> Der.smallInteger("f", hex("028101aa")));
    refused(() -> Der.smallInteger("f", hex("030100")));
    refused(() -> Der.ia5String("f", hex("160141ff")));
    refused(() -> Der.ia5String("f", hex("16010a")));
    refused(() -> Der.ia5String("f", hex("1601e4")));
    refused(() -> Der.octetString("f", hex("0402aa")));
    refused(() -> Der.octetString("f", hex("")));
  }

  private static byte[] hex(String digits) throws Malformed {
    return Hex.decode("test", digits);
  }

  private static void refused(ThrowingCallable parse) {
    assertThatThrownBy(parse).isInstanceOf(Malformed.class);
  }
}
