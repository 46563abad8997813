package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.tpm.EventLog.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads an event log front to back. Its first event is always in the old format; a Spec ID Event03
 * in it announces that the others are crypto-agile and how long each digest is.
 */
final class EventLogReader {
  private static final String FORMAT = "event log";
  private static final int HEADER_DATA_AT = 32;
  private static final byte[] SPEC_ID_03 = ascii("Spec ID Event03\0");

  /** Of TPM 1.2 on BIOS and on EFI. */
  private static final List<byte[]> LEGACY_SPEC_IDS =
      List.of(ascii("Spec ID Event00\0"), ascii("Spec ID Event02\0"));

  private static final byte[] STARTUP_LOCALITY = ascii("StartupLocality\0");
  private static final Set<Integer> LOCALITIES = Set.of(0, 3, 4);
  private static final int MAX_ALGORITHMS = 16;

  private final int paddingStart;
  private final ByteReader in;
  private final List<Event> events = new ArrayList<>();
  private int startupLocality = -1;
  private boolean firstRegisterTouched;

  EventLogReader(byte[] bytes, boolean padded) {
    this.paddingStart = paddingStart(bytes, padded);
    this.in = ByteReader.littleEndian(FORMAT, bytes);
  }

  static boolean startsWithSpecId(byte[] bytes) {
    int end = HEADER_DATA_AT + SPEC_ID_03.length;
    return bytes.length >= end
        && Arrays.equals(Arrays.copyOfRange(bytes, HEADER_DATA_AT, end), SPEC_ID_03);
  }

  EventLog read() throws Malformed {
    Event first = legacyEvent();
    Map<Integer, Integer> sizes = Map.of();
    boolean legacy = !startsWith(first.data(), SPEC_ID_03);
    if (first.type() == Event.NO_ACTION) {
      if (!legacy) {
        sizes = digestSizes(first.data().toArray());
      } else if (LEGACY_SPEC_IDS.stream().noneMatch(s -> startsWith(first.data(), s))) {
        throw new Malformed(FORMAT, "a Spec ID event where the first informs only", "another");
      }
    } else {
      legacy = true;
      add(first);
    }
    while (in.position() < paddingStart) {
      add(legacy ? legacyEvent() : event(sizes));
    }
    return new EventLog(banks(legacy, sizes), events, Math.max(startupLocality, 0), legacy);
  }

  private static Set<TpmHash> banks(boolean legacy, Map<Integer, Integer> sizes) {
    Set<TpmHash> out = EnumSet.noneOf(TpmHash.class);
    if (legacy) {
      out.add(TpmHash.SHA1);
    }
    sizes.keySet().forEach(id -> TpmHash.ofId(id).ifPresent(out::add));
    return out;
  }

  /** TCG_EfiSpecIDEvent: what each event's digests are. */
  private static Map<Integer, Integer> digestSizes(byte[] data) throws Malformed {
    ByteReader in = ByteReader.littleEndian("Spec ID Event03", data);
    in.bytes("signature", SPEC_ID_03.length);
    in.u32("platformClass");
    in.u8("specVersionMinor");
    int major = in.u8("specVersionMajor");
    in.u8("specErrata");
    in.u8("uintnSize");
    long count = in.u32("numberOfAlgorithms");
    if (major != 2 || count == 0 || count > MAX_ALGORITHMS) {
      throw new Malformed(
          "Spec ID Event03",
          "version 2 with 1 to " + MAX_ALGORITHMS + " algorithms",
          "version " + major + " with " + count);
    }
    Map<Integer, Integer> sizes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      int id = in.u16("algorithmId");
      int size = in.u16("digestSize");
      boolean right = TpmHash.ofId(id).map(h -> h.bytes() == size).orElse(true);
      if (!right || sizes.put(id, size) != null) {
        throw new Malformed(
            "Spec ID Event03",
            "each algorithm once, with the length of its digest",
            "0x" + Integer.toHexString(id) + " with " + size + " bytes");
      }
    }
    in.bytes("vendorInfo", in.u8("vendorInfoSize"));
    in.end();
    return sizes;
  }

  /** TCG_PCR_EVENT. */
  private Event legacyEvent() throws Malformed {
    long index = in.u32("pcrIndex");
    long type = in.u32("eventType");
    HexBytes digest = HexBytes.of(in.bytes("digest", TpmHash.SHA1.bytes()));
    Bytes data = Bytes.of(in.bytes("event", in.u32("eventSize")));
    return new Event(register(index, type), type, Map.of(TpmHash.SHA1, digest), data);
  }

  /** TCG_PCR_EVENT2: every algorithm of the header exactly once. */
  private Event event(Map<Integer, Integer> sizes) throws Malformed {
    long index = in.u32("pcrIndex");
    long type = in.u32("eventType");
    long count = in.u32("digests.count");
    if (count != sizes.size()) {
      throw new Malformed(FORMAT + ".digests", sizes.size() + " of them", count + " of them");
    }
    Map<TpmHash, HexBytes> digests = new EnumMap<>(TpmHash.class);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int id = in.u16("digests.hashAlg");
      Integer size = sizes.get(id);
      if (size == null || !seen.add(id)) {
        throw new Malformed(
            FORMAT + ".digests", "each algorithm of " + sizes.keySet() + " once", id + "");
      }
      byte[] digest = in.bytes("digests.digest", size);
      TpmHash.ofId(id).ifPresent(h -> digests.put(h, HexBytes.of(digest)));
    }
    Bytes data = Bytes.of(in.bytes("event", in.u32("eventSize")));
    return new Event(register(index, type), type, digests, data);
  }

  /** Informative events may name no register at all; type 0 is reserved, and what zeros read as. */
  private static int register(long index, long type) throws Malformed {
    if (type == 0) {
      throw new Malformed(FORMAT + ".eventType", "a type other than 0", "0");
    }
    if (type != Event.NO_ACTION && index >= EventLog.REGISTERS) {
      throw new Malformed(FORMAT + ".pcrIndex", "a register below 24", Long.toString(index));
    }
    return (int) index;
  }

  private void add(Event e) throws Malformed {
    if (e.type() == Event.NO_ACTION && startsWith(e.data(), STARTUP_LOCALITY)) {
      startupLocality(e);
    }
    firstRegisterTouched |= e.index() == 0 && e.extendsRegister();
    events.add(e);
  }

  /** Tells what register 0 begins with, so it may come but once and before any extension of it. */
  private void startupLocality(Event e) throws Malformed {
    byte[] data = e.data().toArray();
    int locality = data.length == STARTUP_LOCALITY.length + 1 ? data[data.length - 1] : -1;
    if (e.index() != 0
        || startupLocality >= 0
        || firstRegisterTouched
        || !LOCALITIES.contains(locality)) {
      throw new Malformed(
          FORMAT + ".StartupLocality",
          "one at most, for register 0 before it is extended, of locality 0, 3 or 4",
          "locality " + locality + " for register " + e.index());
    }
    startupLocality = locality;
  }

  /** Where the last run of 00 or of ff begins; the end where there is none or none may be. */
  private static int paddingStart(byte[] bytes, boolean padded) {
    int start = bytes.length;
    byte fill = padded && start > 0 ? bytes[start - 1] : 1;
    while ((fill == 0 || fill == (byte) 0xff) && start > 0 && bytes[start - 1] == fill) {
      start--;
    }
    return start;
  }

  private static boolean startsWith(Bytes data, byte[] prefix) {
    return data.length() >= prefix.length
        && Arrays.equals(Arrays.copyOf(data.toArray(), prefix.length), prefix);
  }

  private static byte[] ascii(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }
}
