package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.stream.ResponseReader.ApiSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reassembles records from the contents of frames: {@code u32 len ‖ u8 type ‖ data}. API bytes are
 * passed on at once; of the others no more is kept than has arrived.
 */
final class RecordReader {
  private static final int HEAD_BYTES = 5;

  private final ApiSink sink;
  private final RecordOrder order = new RecordOrder();
  private final Map<RecordType, Bytes> complete = new EnumMap<>(RecordType.class);
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private Optional<RecordType> current = Optional.empty();
  private int left = HEAD_BYTES;

  RecordReader(ApiSink sink) {
    this.sink = sink;
  }

  void accept(byte[] content) throws IOException, Malformed {
    for (int at = 0; at < content.length; ) {
      int n = Math.min(left, content.length - at);
      byte[] part = Arrays.copyOfRange(content, at, at + n);
      at += n;
      left -= n;
      if (current.equals(Optional.of(RecordType.API))) {
        sink.accept(part);
      } else {
        pending.writeBytes(part);
      }
      while (left == 0) {
        step();
      }
    }
  }

  Ending end() throws Malformed {
    if (current.isPresent() || pending.size() > 0) {
      throw new Malformed("response.record", "a whole record before the last frame", "a part");
    }
    order.end();
    Optional<Bytes> error = Optional.ofNullable(complete.get(RecordType.ERROR));
    Optional<Bytes> salt = Optional.ofNullable(complete.get(RecordType.SALT));
    return salt.isEmpty()
        ? new Ending.Refused(error.orElseThrow())
        : new Ending.Charged(
            error, salt.get(), whole(RecordType.RECEIPT), whole(RecordType.STAPLE));
  }

  /** A head or the data of a record has arrived whole. */
  private void step() throws Malformed {
    byte[] bytes = pending.toByteArray();
    pending.reset();
    if (current.isPresent()) {
      complete.put(current.get(), Bytes.of(bytes));
      current = Optional.empty();
      left = HEAD_BYTES;
      return;
    }
    ByteReader head = ByteReader.bigEndian("response.record", bytes);
    long length = head.u32("len");
    RecordType type = RecordType.of(head.u8("type"));
    if (length < type.minBytes() || length > type.maxBytes()) {
      throw new Malformed(
          "response.record.len",
          type + " of " + type.minBytes() + " to " + type.maxBytes() + " bytes",
          Long.toString(length));
    }
    order.next(type);
    current = Optional.of(type);
    left = (int) length;
  }

  private Bytes whole(RecordType type) {
    return Optional.ofNullable(complete.get(type)).orElseThrow();
  }
}
