package dev.leasehold.enclave.model;

import dev.leasehold.core.lease.Vec;

/**
 * Where the text of one request goes. Called by one thread at a time; no method may block, because
 * all sequences wait for it.
 */
public interface TextSink {
  /** False while no more text may wait: the sequence pauses, and costs nothing meanwhile. */
  boolean ready();

  /** The next text, at least one character, never half of one. */
  void text(String piece);

  /**
   * The end, called exactly once and last.
   *
   * @param charged everything this request was charged, its admission included
   */
  void finished(Finish finish, Vec charged, Usage usage);

  /** True once nobody wants the text any more: it ends before its next step. */
  boolean cancelled();
}
