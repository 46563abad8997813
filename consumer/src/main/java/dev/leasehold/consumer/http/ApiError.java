package dev.leasehold.consumer.http;

import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a client is told instead of an answer, in the form OpenAI-compatible clients know. */
final class ApiError extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BYTES = 65_536;

  private final int status;
  private final transient Json.Obj error;

  private ApiError(int status, Json.Obj error) {
    super(error.write(), null, false, false);
    this.status = status;
    this.error = error;
  }

  static ApiError of(int status, String code, String message) {
    String type = status < 500 ? "invalid_request_error" : "leasehold_error";
    return new ApiError(
        status,
        Json.Obj.EMPTY
            .with("message", message)
            .with("type", type)
            .with("param", Json.Null.NULL)
            .with("code", code));
  }

  /** A check of the proxy's own that did not pass (protocol §11.4). */
  static ApiError of(CheckFailed failed) {
    return of(502, "leasehold_" + failed.check(), String.valueOf(failed.getMessage()));
  }

  /** An error of the enclave itself, whose JSON is passed on. */
  static ApiError ofEnclave(Bytes json) {
    try {
      Json.Obj whole = ApiJson.parse("error", json.toArray(), MAX_BYTES);
      if (whole.get("error").orElse(whole) instanceof Json.Obj error) {
        return new ApiError(status(code(error)), error);
      }
    } catch (Malformed e) {
      return of(502, "leasehold_answer", String.valueOf(e.getMessage()));
    }
    return of(502, "leasehold_answer", "error: expected an object from the enclave");
  }

  int status() {
    return status;
  }

  byte[] json() {
    return Json.Obj.EMPTY.with("error", error).write().getBytes(StandardCharsets.UTF_8);
  }

  private static String code(Json.Obj error) {
    Optional<Json> code = error.get("code");
    return code.isPresent() && code.get() instanceof Json.Str(String s) ? s : "";
  }

  private static int status(String code) {
    return switch (code) {
      case "lease_exhausted" -> 429;
      case "lease_stopped", "overloaded", "cancelled" -> 503;
      case "model_not_found" -> 404;
      case "engine_error" -> 500;
      default -> 400;
    };
  }
}
