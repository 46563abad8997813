package dev.leasehold.adversary.world;

import dev.leasehold.adversary.world.SimConsumer.Answered;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.api.AnswerStream;
import dev.leasehold.enclave.api.Format;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.Usage;
import java.nio.charset.StandardCharsets;

/**
 * A request that was admitted: a model that makes the same word each time, the enclave's own stream
 * of frames with the receipt at its end, and the consumer.
 */
public final class SimStream {
  private final SimConsumer consumer;
  private final AnswerStream answer;
  private Vec charged;
  private long made;
  private boolean over;
  private boolean lost;

  /** An API without any words of its own. */
  record Plain() implements Format {
    @Override
    public boolean streams() {
      return true;
    }

    @Override
    public byte[] piece(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] end(String rest, Finish finish, Usage usage) {
      return piece(rest);
    }
  }

  SimStream(SimConsumer consumer, AnswerStream answer, Vec admission) {
    this.consumer = consumer;
    this.answer = answer;
    this.charged = admission;
  }

  // The model

  /** All that it was charged. */
  public Vec charged() {
    return charged;
  }

  /** False once the model is through with it. */
  public boolean isInTheMaking() {
    return !over;
  }

  /** False while what was made waits for a frame: nothing more is made then. */
  public boolean isReady() {
    return !over && answer.ready();
  }

  /** So many tokens were made, and paid. */
  void made(long tokens, Vec cost) {
    charged = charged.plus(cost);
    made += tokens;
    answer.text(SimConsumer.TOKEN.repeat(Math.toIntExact(tokens)));
  }

  /** The model is through with it; the first reason stands. */
  public void end(Finish why) {
    if (!over) {
      over = true;
      answer.finished(why, charged, new Usage(0, Math.toIntExact(made)));
    }
  }

  // The frames

  /** Whether a frame would be more than padding, as far as the model knows. */
  boolean hasMore() {
    return !answer.hasEnded() && (over || (consumer.isLive() && consumer.tokens() < made));
  }

  /**
   * A frame leaves.
   *
   * @return how many tokens were in it
   */
  long frame() {
    long before = consumer.tokens();
    consumer.reads(answer.nextFrame());
    if (answer.cancelled()) {
      end(Finish.CANCELLED);
    }
    return consumer.tokens() - before;
  }

  boolean hasEnded() {
    return answer.hasEnded();
  }

  /** What the consumer has read, once it has ended. */
  public Answered answered() {
    return consumer.answered();
  }

  // What the host does to it

  /** Nothing of it reaches the consumer any more; the enclave does not know. */
  public void lose() {
    lost = true;
  }

  /** Whether the consumer has got what {@link #answered} says. */
  public boolean hasArrived() {
    return !lost;
  }

  /** The connection breaks off, and the enclave sees it: there is nobody to give a receipt to. */
  void breakOff() {
    answer.abandon();
    end(Finish.CANCELLED);
  }
}
