package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.evidence.tpm.EventLog.Event;
import dev.leasehold.core.evidence.tpm.TpmHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether an event log explains proven registers: every register that it extends and that is proven
 * must have the very value it replays to, in every bank both have. Of a TPM's registers PCR 0 to 9
 * must be extended by the log unless they are untouched; others (the kernel's PCR 10, say) are not
 * contradicted by it.
 */
final class EventLogCheck {
  private static final String CLAIM = "event-log";
  private static final String SOURCE = "TCG PC Client Platform Firmware Profile §10";
  private static final String REMEDY =
      "send the firmware's event log of this boot, complete and unchanged";

  /** Firmware's own registers: what comes after the separator is no longer its setting up. */
  private static final int FIRMWARE_REGISTERS = 8;

  /** Firmware and boot loader log what they extend; the kernel's measurements stand elsewhere. */
  private static final int LOGGED_REGISTERS = 10;

  private static final String BOOTING = "Calling EFI Application from Boot Option";
  private static final String LEAVING = "Exit Boot Services Invocation";

  private EventLogCheck() {}

  /** A log of a TPM's registers, which also obeys the profile's rules of order. */
  static Check ofPcrs(EventLog log, Map<TpmHash, ? extends SortedMap<Integer, HexBytes>> proven) {
    Check replays = replays(log, proven);
    return replays.ok() ? hidden(log, proven).or(() -> order(log)).orElse(replays) : replays;
  }

  /** All events of a register left out would contradict nothing. */
  private static Optional<Check> hidden(
      EventLog log, Map<TpmHash, ? extends SortedMap<Integer, HexBytes>> proven) {
    for (var bank : proven.entrySet()) {
      Set<Integer> logged = log.replay(bank.getKey()).keySet();
      for (var register : bank.getValue().headMap(LOGGED_REGISTERS).entrySet()) {
        boolean untouched = register.getValue().hex().matches("0*[034]?");
        if (log.banks().contains(bank.getKey())
            && !untouched
            && !logged.contains(register.getKey())) {
          return Optional.of(
              failed(
                  "events of " + bank.getKey().word() + " PCR " + register.getKey(),
                  "none, yet its value is " + register.getValue()));
        }
      }
    }
    return Optional.empty();
  }

  /** A CCEL, whose index n is RTMR n−1 (UEFI specification §38.4.1). */
  static Check ofRtmrs(EventLog log, List<HexBytes> rtmrs) {
    SortedMap<Integer, HexBytes> proven = new TreeMap<>();
    for (HexBytes rtmr : rtmrs) {
      proven.put(proven.size() + 1, rtmr);
    }
    return replays(log, Map.of(TpmHash.SHA384, proven));
  }

  private static Check replays(
      EventLog log, Map<TpmHash, ? extends SortedMap<Integer, HexBytes>> proven) {
    Set<Integer> explained = new HashSet<>();
    for (var bank : proven.entrySet()) {
      for (var replayed : log.replay(bank.getKey()).entrySet()) {
        HexBytes value = bank.getValue().get(replayed.getKey());
        if (value != null && !value.equals(replayed.getValue())) {
          return failed(
              bank.getKey().word() + " register " + replayed.getKey() + " " + value,
              "the log replays to " + replayed.getValue());
        }
        if (value != null) {
          explained.add(replayed.getKey());
        }
      }
    }
    return explained.isEmpty()
        ? failed("events of a quoted register in a quoted bank", "none in " + log.banks())
        : Check.passed(
            CLAIM,
            "the log replays to the registers",
            log.events().size() + " events explain registers " + explained,
            SOURCE);
  }

  private static Optional<Check> order(EventLog log) {
    Map<Integer, Event> separators = new LinkedHashMap<>();
    boolean booting = false;
    boolean left = false;
    for (Event e : log.events()) {
      if (e.type() == Event.SEPARATOR && e.index() < FIRMWARE_REGISTERS) {
        if (!isSound(e, log) || separators.put(e.index(), e) != null) {
          return Optional.of(
              failed(
                  "one separator of 00000000 or ffffffff in PCR " + e.index(),
                  "another, or one whose digest is not its own"));
        }
      }
      booting |= isAction(e, BOOTING);
      left |= isAction(e, LEAVING);
    }
    return booting && !left
        ? Optional.of(failed("\"" + LEAVING + "\" after a boot", "the log ends before"))
        : Optional.empty();
  }

  /** 00000001 is how firmware records that it failed. */
  private static boolean isSound(Event separator, EventLog log) {
    String data = HexBytes.of(separator.data().toArray()).hex();
    return (data.equals("00000000") || data.equals("ffffffff"))
        && log.banks().stream().allMatch(b -> separator.measuredData(b).isPresent());
  }

  private static boolean isAction(Event e, String words) {
    return e.type() == Event.EFI_ACTION
        && Arrays.equals(e.data().toArray(), words.getBytes(StandardCharsets.US_ASCII));
  }

  private static Check failed(String expected, String got) {
    return Check.failed(CLAIM, expected, got, SOURCE, REMEDY);
  }
}
