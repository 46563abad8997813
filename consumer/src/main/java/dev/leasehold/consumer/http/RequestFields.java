package dev.leasehold.consumer.http;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the proxy itself must know of a client's request; all else is the enclave's to judge.
 *
 * @param maxOutputTokens 0 for none
 */
record RequestFields(String model, boolean streams, long maxOutputTokens) {

  static RequestFields parse(byte[] body) throws ApiError {
    Json.Obj request = json(body);
    long most = tokens(request, "max_completion_tokens");
    return new RequestFields(
        model(request), streams(request), most > 0 ? most : tokens(request, "max_tokens"));
  }

  /** An object, or status 400. */
  static Json.Obj json(byte[] body) throws ApiError {
    try {
      return ApiJson.parse("request", body, Integer.MAX_VALUE);
    } catch (Malformed e) {
      throw ApiError.of(400, "invalid_json", String.valueOf(e.getMessage()));
    }
  }

  /** A name that fits a sealed request. */
  static String name(String field, String value) throws ApiError {
    if (value.getBytes(StandardCharsets.UTF_8).length > Codec.DEFAULT_MAX_BYTES) {
      throw invalid(field, "at most " + Codec.DEFAULT_MAX_BYTES + " bytes");
    }
    return value;
  }

  private static String model(Json.Obj request) throws ApiError {
    Optional<Json> model = request.get("model");
    if (model.isPresent() && model.get() instanceof Json.Str(String s)) {
      return name("model", s);
    }
    throw invalid("model", "a string; GET /v1/models names the one there is");
  }

  private static boolean streams(Json.Obj request) throws ApiError {
    return switch (request.get("stream").orElse(Json.Null.NULL)) {
      case Json.Bool(boolean b) -> b;
      case Json.Null _ -> false;
      default -> throw invalid("stream", "true or false");
    };
  }

  private static long tokens(Json.Obj request, String field) throws ApiError {
    return switch (request.get(field).orElse(Json.Null.NULL)) {
      case Json.Int(long n) when n >= 0 -> n;
      case Json.Null _ -> 0;
      default -> throw invalid(field, "a whole number");
    };
  }

  private static ApiError invalid(String field, String expected) {
    return ApiError.of(400, "invalid_request", field + ": expected " + expected);
  }
}
