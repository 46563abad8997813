package dev.leasehold.enclave.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of tokens into text: a character leaves when its last byte has come. */
final class Utf8Assembler {
  private static final int LONGEST_INCOMPLETE = 3;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final byte[] rest = new byte[LONGEST_INCOMPLETE];
  private int restLength;

  /** Bytes that are no UTF-8 become U+FFFD. */
  String append(byte[] bytes) {
    return decode(bytes, false);
  }

  /** An incomplete character at the end becomes U+FFFD. */
  String flush() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] bytes, boolean end) {
    ByteBuffer in = ByteBuffer.allocate(restLength + bytes.length);
    in.put(rest, 0, restLength).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, end);
    if (end) {
      decoder.flush(out);
      decoder.reset();
    }
    restLength = in.remaining();
    in.get(rest, 0, restLength);
    return out.flip().toString();
  }
}
