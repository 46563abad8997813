package dev.leasehold.enclave.api;

import dev.leasehold.enclave.model.LlmService;
import dev.leasehold.enclave.model.OnnxService;

/** The one model an enclave serves. */
public sealed interface Model {
  /** Writes text; {@code openai.chat} and {@code openai.completions} reach it. */
  record Llm(LlmService service) implements Model {}

  /** Maps tensors to tensors; {@code oip.infer} reaches it. */
  record Onnx(OnnxService service) implements Model {}
}
