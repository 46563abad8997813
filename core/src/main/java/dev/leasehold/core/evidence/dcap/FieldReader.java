package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.ReportData;
import java.util.ArrayList;
import java.util.List;

/** Reads the fixed fields of a quote, and remembers which reserved ones are not zero. */
final class FieldReader {
  private final String format;
  private final ByteReader in;
  private final List<String> reservedSet = new ArrayList<>();

  FieldReader(String format, byte[] bytes) {
    this.format = format;
    this.in = ByteReader.littleEndian(format, bytes);
  }

  int u16(String field) throws Malformed {
    return in.u16(field);
  }

  HexBytes hex(String field, int length) throws Malformed {
    return HexBytes.of(in.bytes(field, length));
  }

  ReportData reportData() throws Malformed {
    return ReportData.of(in.bytes("REPORTDATA", ReportData.BYTES));
  }

  void reserved(String field, int length) throws Malformed {
    for (byte b : in.bytes(field, length)) {
      if (b != 0) {
        reservedSet.add(format + "." + field);
        return;
      }
    }
  }

  List<String> reservedSet() {
    return reservedSet;
  }

  void end() throws Malformed {
    in.end();
  }
}
