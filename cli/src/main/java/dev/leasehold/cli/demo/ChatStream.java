package dev.leasehold.cli.demo;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A consumer: asks the local proxy as any OpenAI client would, and reads the stream. */
final class ChatStream {
  private static final int MAX_EVENT = 1 << 20;

  /**
   * How a stream ended.
   *
   * @param pieces chunks that carried text
   * @param lastPieceNanos when the last of them arrived
   */
  record Ended(
      int status,
      String text,
      int pieces,
      long tokens,
      String finish,
      String error,
      long lastPieceNanos) {}

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI proxy;
  private final String model;

  private final StringBuilder text = new StringBuilder();
  private int pieces;
  private long tokens;
  private String finish = "";
  private String error = "";
  private long lastPiece = System.nanoTime();

  ChatStream(URI proxy, String model) {
    this.proxy = proxy;
    this.model = model;
  }

  /** Streams a completion to its end, telling each piece as it comes. */
  Ended complete(String prompt, int maxTokens, long seed, Consumer<String> piece)
      throws IOException, InterruptedException {
    Json.Obj body =
        Json.Obj.EMPTY
            .with("model", model)
            .with("prompt", prompt)
            .with("max_tokens", maxTokens)
            .with("temperature", new Json.Real(0.8))
            .with("seed", seed)
            .with("stream", new Json.Bool(true))
            .with("stream_options", Json.Obj.EMPTY.with("include_usage", new Json.Bool(true)));
    HttpResponse<Stream<String>> response =
        http.send(
            HttpRequest.newBuilder(proxy.resolve("/v1/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.write()))
                .build(),
            HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      lines.forEach(line -> take(line, piece));
    } catch (UncheckedIOException e) {
      error = "the stream broke off";
    }
    return new Ended(
        response.statusCode(), text.toString(), pieces, tokens, finish, error, lastPiece);
  }

  private void take(String line, Consumer<String> piece) {
    String data = line.startsWith("data: ") ? line.substring(6) : line;
    if (!data.startsWith("{")) {
      return;
    }
    try {
      Json.Obj event = ApiJson.parse("event", data.getBytes(StandardCharsets.UTF_8), MAX_EVENT);
      event.get("error").ifPresent(e -> error = string(e, "code"));
      event.get("usage").ifPresent(u -> tokens = Math.max(tokens, number(u, "completion_tokens")));
      if (event.get("choices").orElse(null) instanceof Json.Arr(var choices)
          && !choices.isEmpty()) {
        String delta = string(choices.getFirst(), "text");
        if (!delta.isEmpty()) {
          pieces++;
          lastPiece = System.nanoTime();
          text.append(delta);
          piece.accept(delta);
        }
        String reason = string(choices.getFirst(), "finish_reason");
        finish = reason.isEmpty() ? finish : reason;
      }
    } catch (Malformed m) {
      error = m.toString();
    }
  }

  private static String string(Json value, String name) {
    return value instanceof Json.Obj o && o.get(name).orElse(null) instanceof Json.Str(String s)
        ? s
        : "";
  }

  private static long number(Json value, String name) {
    return value instanceof Json.Obj o && o.get(name).orElse(null) instanceof Json.Int(long n)
        ? n
        : 0;
  }
}
