package dev.leasehold.enclave.api;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.enclave.model.GenerateRequest;
import dev.leasehold.enclave.model.LlmService;
import dev.leasehold.enclave.model.Rejected;

/** Text to be generated. */
record TextWork(LlmService service, GenerateRequest request, Format format) implements Work {
  @Override
  public void start(AnswerStream answer) throws Denied, Rejected {
    service.submit(request, answer);
  }
}
