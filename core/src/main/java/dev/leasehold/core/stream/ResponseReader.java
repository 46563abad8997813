package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import java.io.IOException;
import java.io.InputStream;

/**
 * The consumer's side of an answer (protocol §11.3): opens frame after frame and hands API bytes on
 * as they come. A stream that is changed, cut short or continued ends in {@link Malformed}: nobody
 * may take what came before for a whole answer.
 */
public final class ResponseReader {
  private final SecretBytes secret;
  private final Bytes enc;
  private final int frameBytes;

  /**
   * A reader for one request.
   *
   * @param secret exported from the request's HPKE context; not closed here
   * @param enc of the request
   * @param frameBytes of the key configuration
   */
  public ResponseReader(SecretBytes secret, Bytes enc, int frameBytes) {
    this.secret = secret;
    this.enc = enc;
    this.frameBytes = frameBytes;
  }

  /** Takes API bytes as they come; an exception ends reading. */
  @FunctionalInterface
  public interface ApiSink {
    void accept(byte[] bytes) throws IOException;
  }

  /** Reads the whole body. */
  public Ending read(InputStream body, ApiSink sink) throws IOException, Malformed {
    byte[] rn = exactly(body, "rn", FrameCipher.RN_BYTES);
    RecordReader records = new RecordReader(sink);
    try (FrameCipher cipher = new FrameCipher(secret, enc, rn, frameBytes)) {
      int t;
      do {
        String name = "frame " + cipher.framesSoFar();
        byte[] frame = exactly(body, name, cipher.sealedBytes());
        t = frame[0];
        records.accept(content(name, open(cipher, name, frame)));
      } while (t == FrameCipher.MORE);
    }
    if (body.read() >= 0) {
      throw new Malformed("response", "nothing after the last frame", "more bytes");
    }
    return records.end();
  }

  private static byte[] open(FrameCipher cipher, String name, byte[] frame) throws Malformed {
    if (frame[0] != FrameCipher.MORE && frame[0] != FrameCipher.LAST) {
      throw new Malformed("response." + name + ".t", "0 or 1", Byte.toString(frame[0]));
    }
    try {
      return cipher.open(frame);
    } catch (OpenFailed e) {
      throw new Malformed("response." + name, "a genuine frame in its place", "another");
    }
  }

  /** {@code u16 n ‖ n bytes ‖ zeros}. */
  private static byte[] content(String name, byte[] plain) throws Malformed {
    ByteReader in = ByteReader.bigEndian("response." + name, plain);
    byte[] content = in.bytes("content", in.u16("n"));
    in.zeros("padding", in.remaining());
    return content;
  }

  private static byte[] exactly(InputStream body, String what, int length)
      throws IOException, Malformed {
    byte[] bytes = body.readNBytes(length);
    if (bytes.length != length) {
      throw new Malformed(
          "response." + what,
          length + " bytes: the stream has no last frame yet",
          "its end after " + bytes.length);
    }
    return bytes;
  }
}
