package dev.leasehold.testkit.platform;

import dev.leasehold.core.evidence.snp.CertTable;
import dev.leasehold.core.pki.Certificates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;

/** Writes the certificate table of an extended guest request, as a host does. */
public final class CertTableWriter {
  private static final List<UUID> ORDER = List.of(CertTable.VCEK, CertTable.ASK, CertTable.ARK);
  private static final int ENTRY_BYTES = 24;

  private CertTableWriter() {}

  /** A table of a VCEK, its ASK and ARK; fewer of them when a host lacks some. */
  public static byte[] write(List<X509Certificate> certificates) {
    List<byte[]> ders = certificates.stream().map(Certificates::encoded).toList();
    int table = ENTRY_BYTES * (ders.size() + 1);
    int total = table + ders.stream().mapToInt(d -> d.length).sum();
    ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    int at = table;
    for (int i = 0; i < ders.size(); i++) {
      guid(out, ORDER.get(i));
      out.putInt(at).putInt(ders.get(i).length);
      at += ders.get(i).length;
    }
    out.position(table);
    ders.forEach(out::put);
    return out.array();
  }

  private static void guid(ByteBuffer out, UUID guid) {
    out.order(ByteOrder.BIG_ENDIAN)
        .putLong(guid.getMostSignificantBits())
        .putLong(guid.getLeastSignificantBits())
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
