package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.json.Json;
import dev.leasehold.enclave.model.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Why a consumer gets no answer, or no whole one: the error JSON of the answer, in the shape that
 * OpenAI clients know. It travels sealed, so it may name what was in the request.
 */
final class ApiError extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_MESSAGE = 2000;
  private static final String INVALID = "invalid_request_error";
  private static final String LEASE = "lease_error";
  private static final String SERVER = "server_error";

  private final String type;
  private final String param;
  private final String code;

  private ApiError(String message, String type, String param, String code) {
    super(message, null, false, false);
    this.type = type;
    this.param = param;
    this.code = code;
  }

  /** A member of the request is not what this API takes. */
  static ApiError invalid(String param, String message) {
    return new ApiError(message, INVALID, param, "");
  }

  static ApiError invalid(Malformed e) {
    return new ApiError(String.valueOf(e.getMessage()), INVALID, e.field(), "");
  }

  /** This enclave does not serve what was asked for. */
  static ApiError notFound(String param, String message) {
    return new ApiError(message, INVALID, param, "model_not_found");
  }

  static ApiError exhausted(String why) {
    return new ApiError("The lease's budget is used up: " + why, LEASE, "", "lease_exhausted");
  }

  static ApiError stopped(String why) {
    return new ApiError("The lease does not serve: " + why, LEASE, "", "lease_stopped");
  }

  static ApiError engine() {
    return new ApiError("The model failed; the work stays charged", SERVER, "", "engine_error");
  }

  static ApiError of(Denied e) {
    String why = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case EXHAUSTED -> exhausted(why);
      case MODE, DEADLINE -> stopped(why);
    };
  }

  static ApiError of(Rejected e) {
    String why = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case INVALID -> invalid("", why);
      case TOO_LONG -> new ApiError(why, INVALID, "", "context_length_exceeded");
      case BUSY -> new ApiError(why, SERVER, "", "overloaded");
      case CLOSED -> stopped(why);
    };
  }

  String param() {
    return param;
  }

  String code() {
    return code;
  }

  /** {@code {"error":{"message","type","param","code"}}}. */
  Bytes json() {
    String message = Optional.ofNullable(getMessage()).orElse("");
    Json.Obj error =
        Json.Obj.EMPTY
            .with("message", message.substring(0, Math.min(message.length(), MAX_MESSAGE)))
            .with("type", type)
            .with("param", orNull(param))
            .with("code", orNull(code));
    String json = Json.Obj.EMPTY.with("error", error).write();
    return Bytes.of(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Json orNull(String text) {
    return text.isEmpty() ? Json.Null.NULL : new Json.Str(text);
  }
}
