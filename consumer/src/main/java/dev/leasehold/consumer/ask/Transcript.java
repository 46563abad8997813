package dev.leasehold.consumer.ask;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.stream.ResponseReader.ApiSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Keeps all API bytes while it passes them on: the salt of their hash comes only at the end
 * (protocol §11.3).
 */
final class Transcript implements ApiSink {
  private static final int MAX_BYTES = 1 << 26;

  private final ApiSink next;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  Transcript(ApiSink next) {
    this.next = next;
  }

  @Override
  public void accept(byte[] bytes) throws IOException {
    if (kept.size() + bytes.length > MAX_BYTES) {
      throw new IOException("an answer of more than " + MAX_BYTES + " bytes");
    }
    kept.writeBytes(bytes);
    next.accept(bytes);
  }

  Bytes bytes() {
    return Bytes.of(kept.toByteArray());
  }
}
