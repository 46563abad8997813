package dev.leasehold.consumer.http;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.consumer.ask.Answer;
import dev.leasehold.consumer.ask.Asker;
import dev.leasehold.consumer.ask.ClientGone;
import dev.leasehold.consumer.ask.Question;
import dev.leasehold.consumer.ask.TooLarge;
import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.consumer.trust.TrustKeeper;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /v1}: what OpenAI's clients speak. The body goes to the enclave as the client sent it. */
final class OpenAiApi {
  private final Asker asker;
  private final TrustKeeper keeper;

  OpenAiApi(Asker asker, TrustKeeper keeper) {
    this.asker = asker;
    this.keeper = keeper;
  }

  /** Chat and text completions, plain and streamed. */
  void complete(HttpExchange exchange, Api api)
      throws IOException, ApiError, CheckFailed, TooLarge {
    byte[] body = Http.body(exchange);
    RequestFields fields = RequestFields.parse(body);
    Delivery delivery = fields.streams() ? Delivery.STREAMED : Delivery.HELD;
    Question question =
        new Question(api, fields.model(), delivery, fields.maxOutputTokens(), 0, Bytes.of(body));
    if (fields.streams()) {
      stream(exchange, question);
    } else {
      PlainAnswer.send(exchange, asker.ask(question, _ -> {}), Http.JSON);
    }
  }

  /** The one model of the lease. */
  void models(HttpExchange exchange) throws IOException, CheckFailed {
    Json.Obj list =
        Json.Obj.EMPTY.with("object", "list").with("data", Json.Arr.of(List.of(model())));
    Http.send(exchange, 200, Http.JSON, list.write().getBytes(StandardCharsets.UTF_8));
  }

  void model(HttpExchange exchange, String name) throws IOException, ApiError, CheckFailed {
    Json.Obj model = model();
    if (!model.get("id").orElseThrow().equals(new Json.Str(name))) {
      throw ApiError.of(
          404, "model_not_found", "expected " + model.get("id").orElseThrow().write());
    }
    Http.send(exchange, 200, Http.JSON, model.write().getBytes(StandardCharsets.UTF_8));
  }

  private Json.Obj model() throws CheckFailed {
    ModelPackage served = keeper.current().modelPackage().body();
    return Json.Obj.EMPTY
        .with("id", served.name())
        .with("object", "model")
        .with("created", served.issuedAt() / 1000)
        .with("owned_by", "leasehold");
  }

  private void stream(HttpExchange exchange, Question question)
      throws ApiError, CheckFailed, TooLarge, ClientGone {
    SseStream events = new SseStream(exchange);
    try {
      switch (asker.ask(question, events)) {
        case Answer.Refused(Bytes error) -> throw ApiError.ofEnclave(error);
        case Answer.Charged charged when charged.error().isPresent() -> {
          Http.receipt(exchange, charged.receipt().hash());
          throw ApiError.ofEnclave(charged.error().get());
        }
        case Answer.Charged charged when !events.isDone() ->
            throw cutShort(exchange, charged.receipt());
        case Answer.Charged charged -> events.complete(charged.receipt().hash());
      }
    } catch (ApiError e) {
      failStream(events, e);
    } catch (CheckFailed e) {
      failStream(events, ApiError.of(e));
    }
  }

  /** At a stop the enclave drops what waits, so its stream ends in mid-air (protocol §11.3). */
  private static ApiError cutShort(HttpExchange exchange, Signed<Receipt> receipt) {
    Http.receipt(exchange, receipt.hash());
    String finish = receipt.body().finish().wireName();
    return switch (receipt.body().finish()) {
      case LEASE_EXHAUSTED -> ApiError.of(429, finish, "the lease's budget is used up");
      case LEASE_STOPPED -> ApiError.of(503, finish, "the lease was stopped while it answered");
      case STOP, LENGTH, ERROR, CANCELLED ->
          ApiError.of(502, "leasehold_answer", "the enclave ended early, finish " + finish);
    };
  }

  private static void failStream(SseStream events, ApiError error) throws ApiError, ClientGone {
    if (!events.hasBegun()) {
      throw error;
    }
    events.fail(error);
  }
}
