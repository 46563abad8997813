package dev.leasehold.enclave.model.engine;

import dev.leasehold.core.guard.Permit;
import java.util.List;

/**
 * A language model that works one step at a time, each step paid for by a permit (protocol §9.3).
 *
 * <p>It keeps the context of up to {@link #maxSequences} texts at once. A step consumes its permit
 * before the kernel runs and refuses one that covers less than the step costs.
 */
public interface LlmEngine extends AutoCloseable {
  /**
   * Reads prompt tokens into the context of one sequence. No token comes out of it.
   *
   * @param from the position of the first token
   * @param tokens 1 to {@link #maxPrefill}
   */
  void prefill(Permit permit, int sequence, int from, int[] tokens) throws StepFailed;

  /** Feeds one token to each of several sequences; what comes next is read from the result. */
  Logits decode(Permit permit, List<Decode> batch) throws StepFailed;

  /** Forgets a sequence. Costs nothing. */
  void forget(int sequence);

  /** While on, a running step ends early and new ones fail. Safe from any thread. */
  void interrupt(boolean on);

  Vocabulary vocabulary();

  /** Sequences are numbered from 0 to one less than this. */
  int maxSequences();

  /** The most tokens, prompt and answer together, that one sequence can hold. */
  int contextLength();

  /** The most tokens of one {@link #prefill}. */
  int maxPrefill();

  /** How many steps reached the kernel since the start. */
  long steps();

  /** Overwrites weights and context and frees them. Waits for a running step. */
  @Override
  void close();

  /**
   * One token for one sequence.
   *
   * @param sequence whose context
   * @param token what to read
   * @param position its position; the token to be made will have the next one
   */
  record Decode(int sequence, int token, int position) {}

  /** The scores of all tokens for each member of a batch, valid until the next step. */
  interface Logits {
    /** Copies the scores for the {@code index}-th member of the batch. */
    void copy(int index, float[] into);
  }

  /** The step did not finish: interrupted, or the engine failed. It stays charged. */
  final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean interrupted;

    public StepFailed(boolean interrupted, String message) {
      super(message, null, false, false);
      this.interrupted = interrupted;
    }

    public boolean interrupted() {
      return interrupted;
    }
  }
}
