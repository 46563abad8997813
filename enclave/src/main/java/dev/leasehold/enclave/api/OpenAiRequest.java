package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.enclave.model.GenerateRequest;
import dev.leasehold.enclave.model.Prompt;
import dev.leasehold.enclave.model.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of a chat or text completion. What changes nothing is ignored, as are members nobody
 * knows; what asks for something else than one text is refused by name.
 *
 * @param stream whether the client wants events
 * @param includeUsage whether the events end with one that counts tokens
 */
record OpenAiRequest(GenerateRequest generate, boolean stream, boolean includeUsage) {
  private static final int MAX_STOPS = 4;
  private static final Json FALSE = new Json.Bool(false);
  private static final Json NO_ITEMS = Json.Arr.of(List.of());
  private static final Json ONE = new Json.Int(1);

  /** Which models answer to which names, and how much they may write. */
  record Limits(String name, String digest, int contextLength, long maxOutputTokens) {}

  static OpenAiRequest chat(byte[] body, Limits limits) throws ApiError {
    Members members = parse(body, limits);
    members.refuseUnless("logprobs", FALSE);
    members.refuseUnless("top_logprobs", new Json.Int(0));
    members.refuseUnless("tools", NO_ITEMS);
    members.refuseUnless("functions", NO_ITEMS);
    members.refuseUnless("tool_choice", new Json.Str("none"), new Json.Str("auto"));
    members.refuseUnless("function_call", new Json.Str("none"), new Json.Str("auto"));
    members.refuseUnless("response_format", Json.Obj.EMPTY.with("type", "text"), Json.Obj.EMPTY);
    members.refuseUnless("modalities", Json.Arr.of(List.of(new Json.Str("text"))));
    members.refuseUnless("audio");
    members.refuseUnless("prediction");
    return of(members, ChatMessages.parse(members), limits);
  }

  static OpenAiRequest completion(byte[] body, Limits limits) throws ApiError {
    Members members = parse(body, limits);
    members.refuseUnless("logprobs", FALSE);
    members.refuseUnless("echo", FALSE);
    members.refuseUnless("best_of", ONE);
    members.refuseUnless("suffix", new Json.Str(""));
    return of(members, prompt(members), limits);
  }

  private static Members parse(byte[] body, Limits limits) throws ApiError {
    try {
      Members members = new Members("", ApiJson.parse("body", body, body.length));
      String model = members.requireString("model");
      if (!model.equals(limits.name) && !model.equals(limits.digest)) {
        throw ApiError.notFound(
            "model", "model: expected " + limits.name + " or its digest, found another");
      }
      members.refuseUnless("n", ONE);
      members.refuseUnless("logit_bias", Json.Obj.EMPTY);
      return members;
    } catch (Malformed e) {
      throw ApiError.invalid(e);
    }
  }

  private static OpenAiRequest of(Members members, Prompt prompt, Limits limits) throws ApiError {
    GenerateRequest generate =
        new GenerateRequest(prompt, sampling(members), maxTokens(members, limits), stop(members));
    boolean includeUsage = false;
    Optional<Json> options = members.get("stream_options");
    if (options.isPresent()) {
      includeUsage = Members.of("stream_options", options.get()).isTrue("include_usage");
    }
    return new OpenAiRequest(generate, members.isTrue("stream"), includeUsage);
  }

  private static Prompt prompt(Members members) throws ApiError {
    Optional<Json> prompt = members.get("prompt");
    if (prompt.isPresent()
        && prompt.get() instanceof Json.Arr(List<Json> items)
        && items.size() == 1
        && items.getFirst() instanceof Json.Str(String only)) {
      return new Prompt.Text(only);
    }
    return new Prompt.Text(members.requireString("prompt"));
  }

  private static int maxTokens(Members members, Limits limits) throws ApiError {
    long most = limits.contextLength;
    if (limits.maxOutputTokens > 0) {
      most = Math.min(most, limits.maxOutputTokens);
    }
    for (String name : List.of("max_tokens", "max_completion_tokens")) {
      most = Math.min(most, members.whole(name, 1, Long.MAX_VALUE).orElse(most));
    }
    return Math.toIntExact(most);
  }

  private static Sampling sampling(Members members) throws ApiError {
    OptionalLong seed = members.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    double topP = members.number("top_p", 0, 1).orElse(1);
    return new Sampling(
        (float) members.number("temperature", 0, 2).orElse(1),
        Math.toIntExact(Math.max(0, members.whole("top_k", -1, Integer.MAX_VALUE).orElse(0))),
        Math.max(Float.MIN_VALUE, (float) topP), // 0 keeps the best token, as the least share does
        (float) members.number("min_p", 0, 1).orElse(0),
        (float) members.number("repetition_penalty", 0.125, 10).orElse(1),
        (float) members.number("frequency_penalty", -2, 2).orElse(0),
        (float) members.number("presence_penalty", -2, 2).orElse(0),
        seed);
  }

  private static List<String> stop(Members members) throws ApiError {
    Optional<Json> value = members.get("stop");
    if (value.isEmpty()) {
      return List.of();
    }
    List<Json> items =
        value.get() instanceof Json.Arr(List<Json> many) ? many : List.of(value.get());
    List<String> stops = new ArrayList<>();
    for (Json item : items) {
      if (!(item instanceof Json.Str(String s)) || s.isEmpty() || stops.size() == MAX_STOPS) {
        throw Members.expected("stop", "at most 4 strings, none empty", value.get());
      }
      stops.add(s);
    }
    return stops;
  }
}
