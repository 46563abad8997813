package dev.leasehold.enclave.api;

import dev.leasehold.core.json.Json;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers as OpenAI clients expect them: one object, or server-sent events of chunks. */
final class OpenAiFormat implements Format {
  /** Chat completion or text completion. */
  enum Kind {
    CHAT("chatcmpl-", "chat.completion"),
    TEXT("cmpl-", "text_completion");

    private final String prefix;
    private final String object;

    Kind(String prefix, String object) {
      this.prefix = prefix;
      this.object = object;
    }
  }

  private static final Json.Null NULL = Json.Null.NULL;

  private final Kind kind;
  private final boolean streams;
  private final boolean includeUsage;
  private final Json.Obj head;
  private boolean begun;

  /**
   * The format of one answer.
   *
   * @param id of the answer, random
   * @param created in seconds
   * @param model the name it is served under
   */
  OpenAiFormat(Kind kind, OpenAiRequest request, String id, long created, String model) {
    this.kind = kind;
    this.streams = request.stream();
    this.includeUsage = request.includeUsage();
    String object = kind == Kind.CHAT && streams ? "chat.completion.chunk" : kind.object;
    this.head =
        Json.Obj.EMPTY
            .with("id", kind.prefix + id)
            .with("object", object)
            .with("created", created)
            .with("model", model);
  }

  @Override
  public boolean streams() {
    return streams;
  }

  @Override
  public byte[] piece(String text) {
    return bytes(events(text));
  }

  @Override
  public byte[] end(String rest, Finish finish, Usage usage) {
    Json reason = new Json.Str(finish.wire());
    if (!streams) {
      Json choice = kind == Kind.CHAT ? message(rest, reason) : text(rest, reason);
      return bytes(head.with("choices", list(choice)).with("usage", counts(usage)).write());
    }
    StringBuilder out = new StringBuilder(begun && rest.isEmpty() ? "" : events(rest));
    out.append(chunk(kind == Kind.CHAT ? delta(Json.Obj.EMPTY, reason) : text("", reason)));
    if (includeUsage) {
      out.append(event(head.with("choices", list()).with("usage", counts(usage))));
    }
    return bytes(out.append("data: [DONE]\n\n").toString());
  }

  /** The first chunk of a chat says who speaks, even if nothing follows. */
  private String events(String text) {
    StringBuilder out = new StringBuilder();
    if (kind == Kind.TEXT) {
      return text.isEmpty() ? "" : chunk(text(text, NULL));
    }
    if (!begun) {
      begun = true;
      Json.Obj role = Json.Obj.EMPTY.with("role", "assistant").with("content", "");
      out.append(chunk(delta(role, NULL)));
    }
    if (!text.isEmpty()) {
      out.append(chunk(delta(Json.Obj.EMPTY.with("content", text), NULL)));
    }
    return out.toString();
  }

  private String chunk(Json choice) {
    Json.Obj chunk = head.with("choices", list(choice));
    return event(includeUsage ? chunk.with("usage", NULL) : chunk);
  }

  private static Json.Obj message(String text, Json reason) {
    Json.Obj message = Json.Obj.EMPTY.with("role", "assistant").with("content", text);
    return choice("message", message, reason);
  }

  private static Json.Obj delta(Json.Obj delta, Json reason) {
    return choice("delta", delta, reason);
  }

  private static Json.Obj text(String text, Json reason) {
    return choice("text", new Json.Str(text), reason);
  }

  private static Json.Obj choice(String name, Json content, Json reason) {
    return Json.Obj.EMPTY
        .with("index", 0)
        .with(name, content)
        .with("logprobs", NULL)
        .with("finish_reason", reason);
  }

  private static Json.Obj counts(Usage usage) {
    return Json.Obj.EMPTY
        .with("prompt_tokens", usage.promptTokens())
        .with("completion_tokens", usage.outputTokens())
        .with("total_tokens", (long) usage.promptTokens() + usage.outputTokens());
  }

  private static Json.Arr list(Json... items) {
    return Json.Arr.of(List.of(items));
  }

  private static String event(Json.Obj chunk) {
    return "data: " + chunk.write() + "\n\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
