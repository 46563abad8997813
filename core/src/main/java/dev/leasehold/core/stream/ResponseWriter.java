package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.seal.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * The enclave's side of an answer (protocol §11.3): takes what is produced and gives one frame of
 * fixed size whenever the frame clock asks. API bytes are cut into records that never straddle
 * frames, so whatever still waits can be dropped at a stop without breaking the stream. Not safe
 * for concurrent use.
 */
public final class ResponseWriter implements AutoCloseable {
  private static final int LENGTH_BYTES = 2;
  private static final int RECORD_HEAD_BYTES = 5;

  private final byte[] rn;
  private final byte[] salt;
  private final FrameCipher cipher;

  /** Over label, salt and the API bytes that frames have taken. */
  private final MessageDigest taken = Digests.newDigest("SHA-256");

  private final Deque<byte[]> api = new ArrayDeque<>();
  private int waiting;
  private boolean begun;
  private byte[] closing = {};
  private int closed;
  private boolean ending;
  private boolean ended;

  /**
   * A writer for one request.
   *
   * @param secret exported from the request's HPKE context; not closed here
   * @param enc of the request
   * @param frameBytes of the key configuration
   * @param random gives {@code rn} and the salt
   */
  public ResponseWriter(SecretBytes secret, Bytes enc, int frameBytes, SecureRandom random) {
    this.rn = new byte[FrameCipher.RN_BYTES];
    this.salt = new byte[RecordType.SALT.maxBytes()];
    random.nextBytes(rn);
    random.nextBytes(salt);
    this.cipher = new FrameCipher(secret, enc, rn, frameBytes);
    taken.update(Ending.RESPONSE_LABEL.getBytes(StandardCharsets.US_ASCII));
    taken.update((byte) 0);
    taken.update(salt);
  }

  /** {@code rn}, with which the body begins. */
  public byte[] head() {
    return rn.clone();
  }

  /** The salt of {@code responseHash} and {@code paramsHash}. */
  public Bytes salt() {
    return Bytes.of(salt);
  }

  /** Queues API bytes. */
  public void write(byte[] bytes) {
    requireNotEnding();
    if (bytes.length > 0) {
      api.add(bytes.clone());
      waiting = Math.addExact(waiting, bytes.length);
    }
  }

  /** API bytes that no frame has taken yet. */
  public int waiting() {
    return waiting;
  }

  /** How many API bytes a frame can take. */
  public int capacity() {
    return cipher.frameBytes() - LENGTH_BYTES - RECORD_HEAD_BYTES;
  }

  /** Forgets the API bytes that no frame has taken yet, as at a stop. */
  public void drop() {
    api.forEach(bytes -> Arrays.fill(bytes, (byte) 0));
    api.clear();
    waiting = 0;
  }

  /** {@code responseHash} over all API bytes that were or will be sent. */
  public Hash responseHash() {
    try {
      MessageDigest all = (MessageDigest) taken.clone();
      api.forEach(all::update);
      return Hash.of(all.digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Ends an answer that was charged; what waits is still sent.
   *
   * @param error what stopped it, as error JSON, if something did
   * @param receipt E(receipt)
   * @param staple E(staple)
   */
  public void end(Optional<Bytes> error, Bytes receipt, Bytes staple) {
    requireNotEnding();
    ByteWriter out = new ByteWriter();
    error.ifPresent(e -> record(out, RecordType.ERROR, e.toArray()));
    record(out, RecordType.SALT, salt);
    record(out, RecordType.RECEIPT, receipt.toArray());
    record(out, RecordType.STAPLE, staple.toArray());
    closing = out.toByteArray();
    ending = true;
  }

  /** Ends before anything was charged or written. */
  public void refuse(Bytes error) {
    requireNotEnding();
    if (begun || waiting > 0) {
      throw new IllegalStateException("an answer that has begun ends with a receipt");
    }
    ByteWriter out = new ByteWriter();
    record(out, RecordType.ERROR, error.toArray());
    closing = out.toByteArray();
    ending = true;
  }

  /** The last frame has been given. */
  public boolean hasEnded() {
    return ended;
  }

  /** The next frame with what is ready, if only padding. */
  public byte[] frame() {
    if (ended) {
      throw new IllegalStateException("the last frame has been given");
    }
    ByteWriter content = new ByteWriter();
    takeApi(content);
    takeClosing(content);
    ended = ending && waiting == 0 && closed == closing.length;
    byte[] plain =
        new ByteWriter()
            .u16(content.size())
            .bytes(content.toByteArray())
            .zeros(cipher.frameBytes() - LENGTH_BYTES - content.size())
            .toByteArray();
    return cipher.seal(ended ? FrameCipher.LAST : FrameCipher.MORE, plain);
  }

  @Override
  public void close() {
    cipher.close();
    drop();
  }

  private void takeApi(ByteWriter content) {
    if (waiting == 0) {
      return;
    }
    int n = Math.min(waiting, capacity());
    content.u32(n).u8(RecordType.API.code());
    for (int left = n; left > 0; ) {
      byte[] first = api.removeFirst();
      byte[] part = Arrays.copyOf(first, Math.min(left, first.length));
      if (part.length < first.length) {
        api.addFirst(Arrays.copyOfRange(first, part.length, first.length));
      }
      content.bytes(part);
      taken.update(part);
      left -= part.length;
    }
    waiting -= n;
    begun = true;
  }

  private void takeClosing(ByteWriter content) {
    if (waiting > 0) {
      return;
    }
    int room = cipher.frameBytes() - LENGTH_BYTES - content.size();
    int n = Math.min(room, closing.length - closed);
    content.bytes(Arrays.copyOfRange(closing, closed, closed + n));
    closed += n;
  }

  private void requireNotEnding() {
    if (ending) {
      throw new IllegalStateException("the answer is ending");
    }
  }

  private static void record(ByteWriter out, RecordType type, byte[] data) {
    if (data.length < type.minBytes() || data.length > type.maxBytes()) {
      throw new IllegalArgumentException(type + " of " + data.length + " bytes");
    }
    out.u32(data.length).u8(type.code()).bytes(data);
  }
}
