package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * OpaqueData of MEASUREMENTS: what NVIDIA's firmware adds, as (type u16, length u16, value), each
 * type at most once. Signed by the GPU like all of the answer.
 *
 * @param driverVersion of the GPU's own firmware, which has the driver's number
 * @param vbiosVersion as NVIDIA writes it: {@code 96.00.9F.00.01}
 * @param nvdec0 whether the first video decoder is in use; if not, nothing is measured for it
 * @param fwid digest of the firmware that the signing key was derived for; older firmware says none
 * @param ppcie whether PCIe between GPUs is protected; older firmware says none
 * @param featureFlag 0 one GPU, 1 several, 2 protected PCIe; older firmware says none
 * @param all every value by its type
 */
public record OpaqueData(
    String driverVersion,
    HexBytes vbiosRaw,
    String vbiosVersion,
    String chipSku,
    String project,
    String projectSku,
    Status nvdec0,
    Optional<HexBytes> fwid,
    Optional<Status> ppcie,
    Optional<Integer> featureFlag,
    Map<Integer, HexBytes> all) {

  private static final String FORMAT = "NVIDIA report.OpaqueData";
  private static final int DRIVER_VERSION = 3;
  private static final int VBIOS_VERSION = 6;
  private static final int NVDEC0_STATUS = 11;
  private static final int CHIP_SKU = 15;
  private static final int PROJECT = 17;
  private static final int PROJECT_SKU = 18;
  private static final int FWID = 20;
  private static final int PPCIE_STATUS = 21;
  private static final int FEATURE_FLAG = 36;
  private static final int SHA384_BYTES = 48;

  public OpaqueData {
    all = Map.copyOf(all);
  }

  /** On or off, in bytes that differ in every bit. */
  public enum Status {
    ENABLED(0xaa),
    DISABLED(0x55);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    /** The byte as two hexadecimal digits. */
    public HexBytes raw() {
      return HexBytes.of(new byte[] {(byte) code});
    }
  }

  static OpaqueData parse(byte[] bytes) throws Malformed {
    ByteReader in = ByteReader.littleEndian(FORMAT, bytes);
    Map<Integer, HexBytes> all = new TreeMap<>();
    while (in.remaining() > 0) {
      int type = in.u16("type");
      int length = in.u16("length of type " + type);
      if (all.put(type, HexBytes.of(in.bytes("type " + type, length))) != null) {
        throw new Malformed(FORMAT, "each type once", "type " + type + " twice");
      }
    }
    HexBytes vbios = required(all, VBIOS_VERSION, "VBIOS_VERSION");
    return new OpaqueData(
        text(all, DRIVER_VERSION, "DRIVER_VERSION"),
        vbios,
        vbiosVersion(vbios),
        text(all, CHIP_SKU, "CHIP_SKU"),
        text(all, PROJECT, "PROJECT"),
        text(all, PROJECT_SKU, "PROJECT_SKU"),
        status("NVDEC0_STATUS", required(all, NVDEC0_STATUS, "NVDEC0_STATUS")),
        fwid(all),
        ppcie(all),
        featureFlag(all),
        all);
  }

  /** A little-endian word, one more byte, three that are zero. */
  private static String vbiosVersion(HexBytes raw) throws Malformed {
    ByteReader in = ByteReader.littleEndian(FORMAT + ".VBIOS_VERSION", raw.bytes());
    String word = String.format(Locale.ROOT, "%08X", in.u32("word"));
    int last = in.u8("last");
    in.zeros("reserved", 3);
    in.end();
    return String.join(
        ".",
        word.substring(0, 2),
        word.substring(2, 4),
        word.substring(4, 6),
        word.substring(6, 8),
        String.format(Locale.ROOT, "%02X", last));
  }

  private static Optional<HexBytes> fwid(Map<Integer, HexBytes> all) throws Malformed {
    HexBytes raw = all.get(FWID);
    if (raw != null && raw.hex().length() != 2 * SHA384_BYTES) {
      throw new Malformed(FORMAT + ".FWID", SHA384_BYTES + " bytes", raw.hex());
    }
    return Optional.ofNullable(raw);
  }

  private static Optional<Status> ppcie(Map<Integer, HexBytes> all) throws Malformed {
    HexBytes raw = all.get(PPCIE_STATUS);
    return raw == null ? Optional.empty() : Optional.of(status("PPCIE_STATUS", raw));
  }

  private static Optional<Integer> featureFlag(Map<Integer, HexBytes> all) throws Malformed {
    HexBytes raw = all.get(FEATURE_FLAG);
    if (raw == null) {
      return Optional.empty();
    }
    ByteReader in = ByteReader.littleEndian(FORMAT + ".FEATURE_FLAG", raw.bytes());
    int flag = in.u16("value");
    in.end();
    return Optional.of(flag);
  }

  private static Status status(String name, HexBytes raw) throws Malformed {
    for (Status s : Status.values()) {
      if (s.raw().equals(raw)) {
        return s;
      }
    }
    throw new Malformed(FORMAT + "." + name, "aa or 55", raw.hex());
  }

  /** Printable ASCII, filled up with zero bytes. */
  private static String text(Map<Integer, HexBytes> all, int type, String name) throws Malformed {
    byte[] raw = required(all, type, name).bytes();
    StringBuilder out = new StringBuilder();
    boolean ended = false;
    for (byte b : raw) {
      boolean printable = b > 0x20 && b < 0x7f;
      if (ended ? b != 0 : b != 0 && !printable) {
        throw new Malformed(FORMAT + "." + name, "ASCII, then zero bytes", Hex.encode(raw));
      }
      ended = b == 0;
      if (printable) {
        out.append((char) b);
      }
    }
    if (out.isEmpty()) {
      throw new Malformed(FORMAT + "." + name, "ASCII, then zero bytes", "no text");
    }
    return out.toString();
  }

  private static HexBytes required(Map<Integer, HexBytes> all, int type, String name)
      throws Malformed {
    HexBytes raw = all.get(type);
    if (raw == null) {
      throw new Malformed(FORMAT, name + " (type " + type + ")", "none");
    }
    return raw;
  }
}
