package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What firmware says it measured (TCG PC Client Platform Firmware Profile §10; for TDX the CCEL of
 * the UEFI specification §38). Nobody signs a log: it explains registers whose values are proven,
 * when it replays to exactly them. Even then the digests alone are proven: an event's type never
 * is, and its data only where the digest is that of the data.
 *
 * @param banks the digests each event carries
 * @param startupLocality that the first code ran at: the value register 0 begins with
 * @param legacy in the format of TPM 1.2: SHA-1 alone
 */
public record EventLog(
    Set<TpmHash> banks, List<Event> events, int startupLocality, boolean legacy) {
  /** Register indices of a TPM end here; a CCEL uses 0 (MRTD) to 4 (RTMR3). */
  static final int REGISTERS = 24;

  private static final int RTMRS = 4;

  public EventLog {
    banks = Set.copyOf(banks);
    events = List.copyOf(events);
  }

  /**
   * One event.
   *
   * @param index register, of a CCEL one more than the RTMR's number
   * @param type of the profile's §10.4.1; not covered by any digest
   */
  public record Event(int index, long type, Map<TpmHash, HexBytes> digests, Bytes data) {
    public static final long NO_ACTION = 0x3;
    public static final long SEPARATOR = 0x4;
    public static final long EFI_ACTION = 0x8000_0007L;

    public Event {
      digests = Map.copyOf(digests);
    }

    /** Informative events change no register. */
    public boolean extendsRegister() {
      return type != NO_ACTION;
    }

    /** The data when this bank's digest is of just it; other data may say anything. */
    public Optional<Bytes> measuredData(TpmHash bank) {
      HexBytes digest = digests.get(bank);
      return digest != null && Arrays.equals(digest.bytes(), bank.digest(data.toArray()))
          ? Optional.of(data)
          : Optional.empty();
    }
  }

  /** Reads a log that ends where its last event does. */
  public static EventLog parse(byte[] bytes) throws Malformed {
    return new EventLogReader(bytes, false).read();
  }

  /** Reads a log in an ACPI region, where 00 or ff fills what the events leave. */
  public static EventLog parsePadded(byte[] bytes) throws Malformed {
    return new EventLogReader(bytes, true).read();
  }

  /** Whether these bytes begin as a log in the crypto-agile format does. */
  public static boolean looksLike(byte[] bytes) {
    return EventLogReader.startsWithSpecId(bytes);
  }

  /** The value of each register that the log extends, were it true. */
  public SortedMap<Integer, HexBytes> replay(TpmHash bank) {
    SortedMap<Integer, byte[]> registers = new TreeMap<>();
    for (Event e : events) {
      HexBytes digest = e.digests.get(bank);
      if (e.extendsRegister() && digest != null) {
        byte[] before = registers.computeIfAbsent(e.index, i -> initial(i, bank));
        registers.put(e.index, bank.digest(before, digest.bytes()));
      }
    }
    SortedMap<Integer, HexBytes> out = new TreeMap<>();
    registers.forEach((i, value) -> out.put(i, HexBytes.of(value)));
    return out;
  }

  /** RTMR0 to RTMR3 were this CCEL true (index n is RTMR n−1); untouched ones are zero. */
  public List<HexBytes> replayRtmrs() {
    SortedMap<Integer, HexBytes> registers = replay(TpmHash.SHA384);
    HexBytes untouched = HexBytes.of(new byte[TpmHash.SHA384.bytes()]);
    List<HexBytes> out = new ArrayList<>();
    for (int i = 1; i <= RTMRS; i++) {
      out.add(registers.getOrDefault(i, untouched));
    }
    return List.copyOf(out);
  }

  private byte[] initial(int index, TpmHash bank) {
    byte[] value = new byte[bank.bytes()];
    if (index == 0) {
      value[value.length - 1] = (byte) startupLocality;
    }
    return value;
  }
}
