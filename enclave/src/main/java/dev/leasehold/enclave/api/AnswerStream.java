package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.core.stream.ResponseWriter;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.TextSink;
import dev.leasehold.enclave.model.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One answer between the model, which makes text at its pace, and the frame clock, which takes what
 * is ready (protocol §11.3). Text waits here until a frame takes it, so that a stop can drop it:
 * what is not in a frame was never served.
 */
public final class AnswerStream implements TextSink {
  /** Room in a frame that the API's own words take beside the text. */
  private static final int WRAPPING = 300;

  private static final Usage NOTHING = new Usage(0, 0);

  /** How the model ended. */
  private record End(Finish finish, Vec charged, Usage usage) {}

  /** Signs the receipt of an answer that was charged. */
  @FunctionalInterface
  public interface ReceiptSigner {
    Envelope sign(ResponseWriter answer, Vec charged, Finish finish);
  }

  /** The newest staple. */
  @FunctionalInterface
  public interface StapleSource {
    Envelope newest();
  }

  private final ResponseWriter writer;
  private final Format format;
  private final int textRoom;
  private final boolean live;
  private final BooleanSupplier mayEmit;
  private final Tally tally;
  private final ReceiptSigner receipts;
  private final StapleSource staples;

  private final StringBuilder text = new StringBuilder();
  private @Nullable End end;
  private boolean begun;
  private boolean whole;
  private boolean stopped;
  private boolean cut;
  private boolean gone;
  private boolean broken;
  private boolean closing;
  private boolean settled;

  /**
   * An answer that nothing has been made of yet.
   *
   * @param mayEmit false from the instant on at which nothing may be shown
   */
  public AnswerStream(
      ResponseWriter writer,
      Format format,
      Delivery delivery,
      BooleanSupplier mayEmit,
      Tally tally,
      ReceiptSigner receipts,
      StapleSource staples) {
    this.writer = writer;
    this.format = format;
    this.textRoom = Math.max(1, writer.capacity() - WRAPPING);
    this.live = delivery == Delivery.STREAMED && format.streams();
    this.mayEmit = mayEmit;
    this.tally = tally;
    this.receipts = receipts;
    this.staples = staples;
  }

  /** At most one frame of text waits; what must be whole before it leaves waits here whole. */
  @Override
  public synchronized boolean ready() {
    return !live || text.length() < textRoom;
  }

  @Override
  public synchronized void text(String piece) {
    if (!stopped && !gone) {
      text.append(piece);
    }
  }

  @Override
  public synchronized void finished(Finish finish, Vec charged, Usage usage) {
    end = new End(finish, charged, usage);
    if (gone) {
      settle(Finish.CANCELLED, usage);
    }
  }

  @Override
  public synchronized boolean cancelled() {
    return gone || stopped;
  }

  /** The work was not admitted: nothing was charged and nothing was made. */
  synchronized void refused(ApiError why) {
    if (!settled) {
      settled = true;
      tally.denied();
    }
    closing = true;
    writer.refuse(why.json());
  }

  /** A bug: how it ended is not known, so nothing may be signed and the answer breaks off. */
  synchronized void broke() {
    broken = true;
    abandon();
    settle(Finish.ERROR, NOTHING);
  }

  /** Nobody reads any more: the model ends before its next step. */
  public synchronized void abandon() {
    gone = true;
    text.setLength(0);
    if (end != null) {
      settle(Finish.CANCELLED, end.usage);
    }
  }

  /** What the frame clock sends now. */
  public synchronized byte[] nextFrame() {
    if (broken) {
      throw new IllegalStateException("the answer broke off");
    }
    if (!closing) {
      advance();
    }
    return writer.frame();
  }

  /** The last frame has been given. */
  public synchronized boolean hasEnded() {
    return writer.hasEnded();
  }

  private void advance() {
    boolean modelStopped = end != null && end.finish == Finish.LEASE_STOPPED;
    if (!stopped && (modelStopped || !mayEmit.getAsBoolean())) {
      stop();
    }
    if (!stopped) {
      offer();
    }
    if (end != null && (stopped || (whole && writer.waiting() <= writer.capacity()))) {
      close(end);
    }
  }

  /** Whatever no frame has taken is dropped. */
  private void stop() {
    stopped = true;
    cut = writer.waiting() > 0;
    writer.drop();
    text.setLength(0);
  }

  /** Writes what is ready once the frames have taken what was written before. */
  private void offer() {
    if (whole || writer.waiting() > 0) {
      return;
    }
    if (end != null) {
      whole = true;
      if (failure(end.finish).isEmpty()) {
        write(format.end(takeText(), end.finish, end.usage));
      }
    } else if (live && !text.isEmpty()) {
      write(format.piece(takeText()));
    }
  }

  /** From here on nothing is dropped: the receipt says what was and will be sent. */
  private void close(End how) {
    closing = true;
    Finish finish = stopped ? Finish.LEASE_STOPPED : how.finish;
    Optional<ApiError> failure = failure(finish);
    if (stopped && failure.isEmpty()) {
      write(format.end("", finish, how.usage));
    }
    settle(finish, how.usage);
    Envelope receipt = receipts.sign(writer, how.charged, finish);
    writer.end(failure.map(ApiError::json), bytes(receipt), bytes(staples.newest()));
  }

  /** The error that must be told because the API's own words cannot tell it. */
  private Optional<ApiError> failure(Finish finish) {
    return switch (finish) {
      case STOP, LENGTH -> Optional.empty();
      case LEASE_EXHAUSTED ->
          begun || !text.isEmpty()
              ? Optional.empty()
              : Optional.of(ApiError.exhausted("no token was left for this request"));
      case LEASE_STOPPED, CANCELLED ->
          live && begun && !cut
              ? Optional.empty()
              : Optional.of(ApiError.stopped("it was stopped while this request was served"));
      case ERROR -> Optional.of(ApiError.engine());
    };
  }

  private void settle(Finish finish, Usage usage) {
    if (settled) {
      return;
    }
    settled = true;
    if (finish == Finish.STOP || finish == Finish.LENGTH) {
      tally.finished(usage.outputTokens());
    } else {
      tally.aborted();
    }
  }

  private void write(byte[] bytes) {
    begun = true;
    writer.write(bytes);
  }

  private String takeText() {
    String taken = text.toString();
    text.setLength(0);
    return taken;
  }

  private static Bytes bytes(Envelope envelope) {
    return Bytes.of(envelope.write().getBytes(StandardCharsets.UTF_8));
  }
}
