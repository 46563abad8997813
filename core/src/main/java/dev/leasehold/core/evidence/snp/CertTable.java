package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The certificates a host hands over beside a report: a table of (GUID, offset, length), closed by
 * an entry of zeros, then the certificates (GHCB specification, extended guest request). The GUIDs
 * are written as 16 bytes in the order of their text. The host makes it up as it likes, so it is
 * input only: nothing in it is believed before it is verified up to a pinned root.
 */
public record CertTable(Map<UUID, Bytes> entries) {
  public static final UUID VCEK = UUID.fromString("63da758d-e664-4564-adc5-f4b93be8accd");
  public static final UUID VLEK = UUID.fromString("a8074bc2-a25a-483e-aae6-39c045a0b8a1");
  public static final UUID ASK = UUID.fromString("4ab7b379-bbac-4fe4-a02f-05aef327c782");
  public static final UUID ARK = UUID.fromString("c0b406a4-a803-4952-9743-3fb6014cd0ae");

  private static final UUID END = new UUID(0, 0);
  private static final int ENTRY_BYTES = 24;
  private static final int MAX_ENTRIES = 16;

  public CertTable {
    entries = Map.copyOf(entries);
  }

  /** Reads a table; no bytes at all mean that the host has no certificates. */
  public static CertTable parse(byte[] blob) throws Malformed {
    Map<UUID, Bytes> entries = new LinkedHashMap<>();
    if (blob.length == 0) {
      return new CertTable(entries);
    }
    ByteReader in = ByteReader.littleEndian("certificate table", blob);
    for (int i = 0; i <= MAX_ENTRIES; i++) {
      UUID guid = guid(in);
      long offset = in.u32("offset");
      long length = in.u32("length");
      if (guid.equals(END)) {
        return closed(entries, offset, length);
      }
      Bytes data = slice(blob, guid, offset, length);
      if (entries.put(guid, data) != null) {
        throw new Malformed("certificate table", "each GUID once", guid + " twice");
      }
    }
    throw new Malformed("certificate table", "at most " + MAX_ENTRIES + " entries", "more");
  }

  /**
   * The certificates with a known GUID, endorsement key first. Hosts store DER or PEM; an entry may
   * hold a PEM chain.
   */
  public List<X509Certificate> certificates() throws Malformed {
    List<X509Certificate> out = new ArrayList<>();
    for (UUID guid : List.of(VCEK, VLEK, ASK, ARK)) {
      Bytes data = entries.get(guid);
      if (data != null) {
        out.addAll(Certificates.parseAny("certificate " + guid, data.toArray()));
      }
    }
    return List.copyOf(out);
  }

  private static CertTable closed(Map<UUID, Bytes> entries, long offset, long length)
      throws Malformed {
    if (offset != 0 || length != 0) {
      throw new Malformed("certificate table", "a last entry of zeros", offset + ", " + length);
    }
    return new CertTable(entries);
  }

  private static UUID guid(ByteReader in) throws Malformed {
    ByteReader text = ByteReader.bigEndian("GUID", in.bytes("GUID", 16));
    return new UUID(text.u64("high"), text.u64("low"));
  }

  private static Bytes slice(byte[] blob, UUID guid, long offset, long length) throws Malformed {
    if (offset < ENTRY_BYTES || length == 0 || offset + length > blob.length) {
      throw new Malformed(
          "certificate " + guid,
          "a place within " + blob.length + " bytes",
          length + " bytes at " + offset);
    }
    ByteReader in = ByteReader.littleEndian("certificate " + guid, blob);
    in.bytes("offset", offset);
    return Bytes.of(in.bytes("data", length));
  }
}
