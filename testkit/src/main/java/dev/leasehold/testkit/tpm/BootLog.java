package dev.leasehold.testkit.tpm;

import dev.leasehold.core.evidence.tpm.EventLog.Event;
import dev.leasehold.core.evidence.tpm.TpmHash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Firmware that measures: each event goes into the registers and, crypto-agile, into the log. */
final class BootLog {
  static final String CALLING = "Calling EFI Application from Boot Option";
  static final String LEAVING = "Exit Boot Services Invocation";
  static final int REGISTERS = 24;

  private static final long EV_S_CRTM_VERSION = 0x8;
  private static final long EV_IPL = 0xd;
  private static final int HEADER_DIGEST = 20;
  private static final List<TpmHash> BANKS = List.of(TpmHash.SHA1, TpmHash.SHA256, TpmHash.SHA384);

  private final List<byte[]> events = new ArrayList<>();
  private final byte[][][] registers = new byte[BANKS.size()][REGISTERS][];
  private final List<TpmHash> logged;

  BootLog(int startupLocality) {
    this(startupLocality, BANKS);
  }

  /** A log that tells the digests of some banks only; a few registers begin with ones. */
  BootLog(int startupLocality, List<TpmHash> logged) {
    this.logged = logged;
    for (TpmHash bank : BANKS) {
      for (int i = 0; i < REGISTERS; i++) {
        byte[] initial = new byte[bank.bytes()];
        if (i >= 17 && i <= 22) {
          Arrays.fill(initial, (byte) 0xff);
        }
        registers[BANKS.indexOf(bank)][i] = initial;
      }
      registers[BANKS.indexOf(bank)][0][bank.bytes() - 1] = (byte) startupLocality;
    }
  }

  /** A boot that gives nobody a reason to refuse it. */
  static BootLog usual() {
    return usual(BANKS);
  }

  static BootLog usual(List<TpmHash> logged) {
    return new BootLog(3, logged).locality(3).firmware().separators(0).leave();
  }

  BootLog locality(int locality) {
    byte[] data = ascii("StartupLocality\0?");
    data[data.length - 1] = (byte) locality;
    return log(0, Event.NO_ACTION, data, false);
  }

  BootLog firmware() {
    return log(0, EV_S_CRTM_VERSION, ascii("SIMULATED firmware"), true)
        .log(4, Event.EFI_ACTION, ascii(CALLING), true);
  }

  BootLog separators(int value) {
    for (int i = 0; i < 8; i++) {
      separator(i, value);
    }
    return this;
  }

  BootLog separator(int register, int value) {
    byte[] data = new byte[] {(byte) value, 0, 0, 0};
    return log(register, Event.SEPARATOR, data, true);
  }

  BootLog leave() {
    return log(8, EV_IPL, ascii("kernel_cmdline: quiet"), true)
        .log(5, Event.EFI_ACTION, ascii(LEAVING), true);
  }

  /** One event, which the registers follow or, when it only informs, do not. */
  BootLog log(int register, long type, byte[] data, boolean extend) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(u32(register));
    out.writeBytes(u32(type));
    out.writeBytes(u32(logged.size()));
    for (TpmHash bank : BANKS) {
      byte[] digest = extend ? bank.digest(data) : new byte[bank.bytes()];
      if (logged.contains(bank)) {
        out.writeBytes(u16(bank.id()));
        out.writeBytes(digest);
      }
      if (extend) {
        byte[][] values = registers[BANKS.indexOf(bank)];
        values[register] = bank.digest(values[register], digest);
      }
    }
    out.writeBytes(u32(data.length));
    out.writeBytes(data);
    events.add(out.toByteArray());
    return this;
  }

  SortedMap<Integer, byte[]> registers(TpmHash bank) {
    SortedMap<Integer, byte[]> out = new TreeMap<>();
    for (int i = 0; i < REGISTERS; i++) {
      out.put(i, registers[BANKS.indexOf(bank)][i].clone());
    }
    return out;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header());
    events.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** Where the event of this number begins. */
  int offset(int event) {
    return header().length + events.stream().limit(event).mapToInt(e -> e.length).sum();
  }

  /** The same without one event. */
  byte[] without(int event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] whole = bytes();
    out.write(whole, 0, offset(event));
    out.write(whole, offset(event + 1), whole.length - offset(event + 1));
    return out.toByteArray();
  }

  private byte[] header() {
    ByteArrayOutputStream spec = new ByteArrayOutputStream();
    spec.writeBytes(ascii("Spec ID Event03\0"));
    spec.writeBytes(u32(0));
    spec.writeBytes(new byte[] {0, 2, 0, 2});
    spec.writeBytes(u32(logged.size()));
    for (TpmHash bank : logged) {
      spec.writeBytes(u16(bank.id()));
      spec.writeBytes(u16(bank.bytes()));
    }
    spec.write(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(u32(0));
    out.writeBytes(u32(Event.NO_ACTION));
    out.writeBytes(new byte[HEADER_DIGEST]);
    out.writeBytes(u32(spec.size()));
    out.writeBytes(spec.toByteArray());
    return out.toByteArray();
  }

  private static byte[] u32(long value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array();
  }

  private static byte[] u16(int value) {
    return ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) value).array();
  }

  private static byte[] ascii(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }
}
