package dev.leasehold.core.evidence.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CertTableTest {
  private static final byte[] DATA = {1, 2, 3, 4, 5};

  @Test
  void readsEveryEntryUpToTheClosingZeros() throws Malformed {
    byte[] blob = new Table().entry(CertTable.VCEK, 72, 2).entry(CertTable.ARK, 74, 3).end(DATA);
    assertThat(CertTable.parse(blob).entries())
        .containsOnlyKeys(CertTable.VCEK, CertTable.ARK)
        .containsEntry(CertTable.VCEK, Bytes.of(new byte[] {1, 2}))
        .containsEntry(CertTable.ARK, Bytes.of(new byte[] {3, 4, 5}));
  }

  @Test
  void guidBytesStandInTheOrderOfTheirText() throws Malformed {
    byte[] blob = new Table().entry(CertTable.VCEK, 48, 5).end(DATA);
    assertThat(blob).startsWith(0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64, 0xad, 0xc5);
    assertThat(CertTable.parse(blob).entries()).containsOnlyKeys(CertTable.VCEK);
  }

  @Test
  void noBytesAreNoCertificatesAndPaddingAfterTheTableIsNothing() throws Malformed {
    assertThat(CertTable.parse(new byte[0]).entries()).isEmpty();
    assertThat(CertTable.parse(new byte[4096]).entries()).isEmpty();
  }

  @Test
  void certificatesComeEndorsementFirstFromDerOrPem() throws Malformed {
    SnpVectors.Case c = SnpVectors.byId("snp-2");
    byte[] vcek = Certificates.encoded(c.endorsement().getFirst());
    byte[] ask = Certificates.encoded(c.issuers().get(0));
    byte[] data = ByteBuffer.allocate(ask.length + vcek.length).put(ask).put(vcek).array();
    byte[] blob =
        new Table()
            .entry(CertTable.ASK, 72, ask.length)
            .entry(CertTable.VCEK, 72 + ask.length, vcek.length)
            .end(data);
    List<X509Certificate> certificates = CertTable.parse(blob).certificates();
    assertThat(certificates).containsExactly(c.endorsement().getFirst(), c.issuers().get(0));
  }

  @Test
  void placesOutsideTheBlobAreRefused() {
    refused(new Table().entry(CertTable.VCEK, 48, 6).end(DATA), "53 bytes");
    refused(new Table().entry(CertTable.VCEK, 0xffff_ffffL, 5).end(DATA), "4294967295");
    refused(new Table().entry(CertTable.VCEK, 48, 0xffff_ffffL).end(DATA), "4294967295");
    refused(new Table().entry(CertTable.VCEK, 0, 5).end(DATA), "at 0");
    refused(new Table().entry(CertTable.VCEK, 48, 0).end(DATA), "0 bytes");
  }

  @Test
  void anUnclosedRepeatedOrEndlessTableIsRefused() {
    refused(new Table().entry(CertTable.VCEK, 24, 1).open(), "24 bytes");
    refused(
        new Table().entry(CertTable.VCEK, 72, 1).entry(CertTable.VCEK, 73, 1).end(DATA), "twice");
    Table many = new Table();
    for (int i = 1; i < 40; i++) {
      many.entry(new UUID(0, i), 24, 1);
    }
    refused(many.end(DATA), "more");
    refused(new Table().entry(new UUID(0, 0), 1, 0).end(DATA), "zeros");
  }

  @Test
  void randomBytesNeverEscapeTheParser() {
    Random random = new Random(20_261_125);
    for (int n = 0; n < 5_000; n++) {
      byte[] blob = new Table().entry(CertTable.VCEK, 72, 2).entry(CertTable.ARK, 74, 3).end(DATA);
      blob[random.nextInt(blob.length)] = (byte) random.nextInt(256);
      try {
        assertThat(CertTable.parse(blob).entries()).hasSizeBetween(0, 2);
      } catch (Malformed e) {
        assertThat(e.expected()).isNotEmpty();
      }
    }
  }

  private static void refused(byte[] blob, String found) {
    assertThatThrownBy(() -> CertTable.parse(blob))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(found);
  }

  /** Writes tables, good and bad. */
  private static final class Table {
    private final ByteBuffer out = ByteBuffer.allocate(16_384).order(ByteOrder.BIG_ENDIAN);

    Table entry(UUID guid, long offset, long length) {
      out.putLong(guid.getMostSignificantBits()).putLong(guid.getLeastSignificantBits());
      out.order(ByteOrder.LITTLE_ENDIAN).putInt((int) offset).putInt((int) length);
      out.order(ByteOrder.BIG_ENDIAN);
      return this;
    }

    byte[] open() {
      byte[] bytes = new byte[out.position()];
      out.flip().get(bytes);
      return bytes;
    }

    byte[] end(byte[] data) {
      entry(new UUID(0, 0), 0, 0);
      out.put(data);
      return open();
    }
  }
}
