package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.enclave.meter.View;
import dev.leasehold.enclave.model.LlmService;
import dev.leasehold.enclave.model.OnnxService;
import java.security.SecureRandom;

/** Turns what was in a sealed request into work for the model that is served. */
final class Apis {
  private final Model model;
  private final SecureRandom random;

  Apis(Model model, SecureRandom random) {
    this.model = model;
    this.random = random;
  }

  Work parse(InferRequest request, View view) throws ApiError {
    if (request.jsonBytes() != 0) {
      throw ApiError.invalid(
          "Inference-Header-Content-Length",
          "Inference-Header-Content-Length: binary tensor data is not supported; send JSON");
    }
    return switch (model) {
      case Model.Llm(LlmService service) -> text(service, request, view);
      case Model.Onnx(OnnxService service) -> tensors(service, request, view);
    };
  }

  private Work text(LlmService service, InferRequest request, View view) throws ApiError {
    ModelPackage served = view.terms().modelPackage().body();
    OpenAiRequest.Limits limits =
        new OpenAiRequest.Limits(
            served.name(),
            served.modelDigest().hex(),
            service.contextLength(),
            request.maxOutputTokens());
    byte[] body = request.body().toArray();
    return switch (request.api()) {
      case OPENAI_CHAT ->
          text(service, OpenAiFormat.Kind.CHAT, OpenAiRequest.chat(body, limits), view);
      case OPENAI_COMPLETIONS ->
          text(service, OpenAiFormat.Kind.TEXT, OpenAiRequest.completion(body, limits), view);
      case OPENAI_EMBEDDINGS, OIP_INFER ->
          throw ApiError.notFound("model", "This model serves openai.chat and openai.completions");
    };
  }

  private Work text(LlmService service, OpenAiFormat.Kind kind, OpenAiRequest request, View view) {
    byte[] id = new byte[Id.BYTES];
    random.nextBytes(id);
    String name = view.terms().modelPackage().body().name();
    return new TextWork(
        service,
        request.generate(),
        new OpenAiFormat(kind, request, Id.of(id).hex(), view.tMin() / 1000, name));
  }

  private static Work tensors(OnnxService service, InferRequest request, View view)
      throws ApiError {
    ModelPackage served = view.terms().modelPackage().body();
    if (request.api() != InferRequest.Api.OIP_INFER) {
      throw ApiError.notFound("model", "This model serves oip.infer");
    }
    if (!request.model().equals(served.name())
        && !request.model().equals(served.modelDigest().hex())) {
      throw ApiError.notFound(
          "model", "model: expected " + served.name() + " or its digest, found another");
    }
    return TensorWork.of(service, OipRequest.parse(request.body().toArray()), served.name());
  }
}
