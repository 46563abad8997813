package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.hpke.Hpke;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.core.stream.Ending;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.core.stream.ResponseReader;
import dev.leasehold.core.stream.ResponseWriter;
import dev.leasehold.core.stream.SealedRequest;
import dev.leasehold.enclave.api.Receipts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A consumer with one request, who reads each frame of the answer as it leaves the enclave. The
 * request is not really sealed: the enclave is told the secret that seals the answer.
 */
public final class SimConsumer {
  /** What a token reads like. */
  static final String TOKEN = "word";

  private static final long KEY_SEQ = 1;
  private static final Hash KEY_CONFIG = Digests.sha256(new byte[0]);
  private static final Bytes ENC = Bytes.of(new byte[Hpke.ENC_BYTES]);
  private static final int SECRET_BYTES = 32;

  private final Receipts.Subject subject;
  private final SecretBytes secret;
  private final int frameBytes;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private byte[] text = {};
  private Ending.@Nullable Charged ending;

  /**
   * A whole answer.
   *
   * @param receipt as it came
   * @param request SHA-256 of what was asked
   * @param response salted hash of what was read
   * @param tokens that were read
   */
  public record Answered(Envelope receipt, Hash request, Hash response, long tokens) {}

  /** A consumer that is about to ask; {@code frameBytes} is the lease's. */
  SimConsumer(SecureRandom random, Delivery delivery, long frameBytes) {
    byte[] nonce = new byte[Nonce.BYTES];
    random.nextBytes(nonce);
    Bytes question = Bytes.of(nonce);
    this.subject =
        new Receipts.Subject(
            KEY_SEQ,
            new SealedRequest(KEY_CONFIG, new Sealed(ENC, question)),
            new InferRequest(
                1,
                Nonce.of(nonce),
                InferRequest.Api.OPENAI_COMPLETIONS,
                "stories",
                delivery,
                0,
                0,
                "",
                question));
    this.secret = SecretBytes.random(SECRET_BYTES, random);
    this.frameBytes = Math.toIntExact(frameBytes);
  }

  /** What the receipt will speak of. */
  Receipts.Subject question() {
    return subject;
  }

  /** What the enclave writes the answer with. */
  ResponseWriter answer(SecureRandom random) {
    ResponseWriter writer = new ResponseWriter(secret, ENC, frameBytes, random);
    body.writeBytes(writer.head());
    return writer;
  }

  /** Reads another frame, and all before it once more. */
  void reads(byte[] frame) {
    body.writeBytes(frame);
    ByteArrayOutputStream api = new ByteArrayOutputStream();
    try {
      ResponseReader reader = new ResponseReader(secret, ENC, frameBytes);
      Ending end = reader.read(new ByteArrayInputStream(body.toByteArray()), api::writeBytes);
      ending = (Ending.Charged) end;
    } catch (Malformed e) {
      // More frames are to come; if not, there is no answer.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    text = api.toByteArray();
  }

  /** Whether it reads what is made as it is made. */
  boolean isLive() {
    return subject.request().delivery() == Delivery.STREAMED;
  }

  /** How many tokens were read so far, even if only in part. */
  long tokens() {
    return Math.ceilDiv(text.length, TOKEN.length());
  }

  /** The answer, once its last frame was read. */
  Answered answered() {
    Ending.Charged end = ending;
    if (end == null) {
      throw new IllegalStateException("the answer ended without its last frame");
    }
    try {
      return new Answered(
          Envelope.parse("receipt", end.receipt().toArray()),
          subject.sealed().hash(),
          Digests.domain(Ending.RESPONSE_LABEL, end.salt().toArray(), text),
          tokens());
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }
}
