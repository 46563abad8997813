package dev.leasehold.enclave.api;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.enclave.model.Rejected;

/** A parsed API request, ready to ask for admission. */
interface Work {
  Format format();

  /**
   * Asks for admission and starts; the answer is told the outcome.
   *
   * @throws Denied when the guard gives no permit; nothing is charged
   * @throws Rejected when the request does not fit the model; nothing is charged
   */
  void start(AnswerStream answer) throws Denied, Rejected;
}
