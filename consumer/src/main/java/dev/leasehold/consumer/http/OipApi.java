package dev.leasehold.consumer.http;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.consumer.ask.Asker;
import dev.leasehold.consumer.ask.Question;
import dev.leasehold.consumer.ask.TooLarge;
import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.consumer.trust.TrustKeeper;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** {@code /v2}: the Open Inference Protocol. Answers are held in the enclave until whole. */
final class OipApi {
  private static final String JSON_LENGTH = "Inference-Header-Content-Length";

  private final Asker asker;
  private final TrustKeeper keeper;

  OipApi(Asker asker, TrustKeeper keeper) {
    this.asker = asker;
    this.keeper = keeper;
  }

  /**
   * Answers what it knows.
   *
   * @param parts of the path, {@code v2} first
   * @return false when there is no such endpoint
   */
  boolean handle(HttpExchange exchange, List<String> parts)
      throws IOException, ApiError, CheckFailed, TooLarge {
    boolean model = parts.size() >= 3 && parts.get(1).equals("models");
    String rest =
        model ? String.join("/", parts.subList(3, parts.size())) : String.join("/", parts);
    switch (exchange.getRequestMethod() + (model ? " model " : " ") + rest) {
      case "GET v2/health/live" -> state(exchange, "live");
      case "GET v2/health/ready" -> {
        keeper.current();
        state(exchange, "ready");
      }
      case "GET model " -> metadata(exchange, parts.get(2));
      case "GET model ready" -> {
        served(parts.get(2));
        state(exchange, "ready");
      }
      case "POST model infer" -> infer(exchange, parts.get(2));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void infer(HttpExchange exchange, String name)
      throws IOException, ApiError, CheckFailed, TooLarge {
    byte[] body = Http.body(exchange);
    int jsonBytes = jsonBytes(exchange, body.length);
    RequestFields.json(jsonBytes == 0 ? body : Arrays.copyOf(body, jsonBytes));
    Question question =
        new Question(
            Api.OIP_INFER,
            RequestFields.name("model", name),
            Delivery.HELD,
            0,
            jsonBytes,
            Bytes.of(body));
    PlainAnswer.send(exchange, asker.ask(question, _ -> {}), Http.JSON);
  }

  private void metadata(HttpExchange exchange, String name)
      throws IOException, ApiError, CheckFailed {
    ModelPackage served = served(name);
    String format = served.format().name().toLowerCase(Locale.ROOT);
    send(
        exchange,
        Json.Obj.EMPTY
            .with("name", served.name())
            .with("versions", Json.Arr.of(List.of(new Json.Str(served.version()))))
            .with("platform", "leasehold_" + format));
  }

  private ModelPackage served(String name) throws ApiError, CheckFailed {
    ModelPackage served = keeper.current().modelPackage().body();
    if (!served.name().equals(name)) {
      throw ApiError.of(404, "model_not_found", "expected " + served.name() + ", found " + name);
    }
    return served;
  }

  private static void state(HttpExchange exchange, String what) throws IOException {
    send(exchange, Json.Obj.EMPTY.with(what, new Json.Bool(true)));
  }

  private static void send(HttpExchange exchange, Json.Obj answer) throws IOException {
    Http.send(exchange, 200, Http.JSON, answer.write().getBytes(StandardCharsets.UTF_8));
  }

  /** 0 when the whole body is JSON. */
  private static int jsonBytes(HttpExchange exchange, int length) throws ApiError {
    String header = exchange.getRequestHeaders().getFirst(JSON_LENGTH);
    if (header == null) {
      return 0;
    }
    try {
      int n = Integer.parseInt(header);
      if (n > 0 && n <= length) {
        return n;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw ApiError.of(
        400, "invalid_request", JSON_LENGTH + ": expected 1 to " + length + ", found " + header);
  }
}
