package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.Malformed;

/** What a record of an answer carries (protocol §11.3). */
enum RecordType {
  API(1, 0, 1 << 24),
  RECEIPT(2, 1, 65_535),
  STAPLE(3, 1, 65_535),
  ERROR(4, 1, 65_535),
  SALT(5, 32, 32);

  private final int code;
  private final int minBytes;
  private final int maxBytes;

  RecordType(int code, int minBytes, int maxBytes) {
    this.code = code;
    this.minBytes = minBytes;
    this.maxBytes = maxBytes;
  }

  int code() {
    return code;
  }

  int minBytes() {
    return minBytes;
  }

  int maxBytes() {
    return maxBytes;
  }

  static RecordType of(int code) throws Malformed {
    for (RecordType t : values()) {
      if (t.code == code) {
        return t;
      }
    }
    throw new Malformed("response.record.type", "1 to 5", Integer.toString(code));
  }
}
