package dev.leasehold.enclave.api;

import dev.leasehold.core.json.Json;
import dev.leasehold.enclave.model.Prompt;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code messages} of a chat completion: text only. */
final class ChatMessages {
  private ChatMessages() {}

  static Prompt.Chat parse(Members body) throws ApiError {
    List<Json> items = body.requireArray("messages");
    if (items.isEmpty()) {
      throw ApiError.invalid("messages", "messages: expected at least one, found none");
    }
    List<Prompt.Message> messages = new ArrayList<>();
    for (Json item : items) {
      Members message = Members.of("messages[" + messages.size() + "]", item);
      message.refuseUnless("tool_calls", Json.Arr.of(List.of()));
      message.refuseUnless("function_call");
      messages.add(new Prompt.Message(role(message), content(message)));
    }
    return new Prompt.Chat(messages);
  }

  private static Prompt.Role role(Members message) throws ApiError {
    return switch (message.requireString("role")) {
      case "system", "developer" -> Prompt.Role.SYSTEM;
      case "user" -> Prompt.Role.USER;
      case "assistant" -> Prompt.Role.ASSISTANT;
      default ->
          throw ApiError.invalid(
              message.path("role"),
              message.path("role") + ": expected system, developer, user or assistant");
    };
  }

  private static String content(Members message) throws ApiError {
    if (!(message.get("content").orElse(Json.Null.NULL) instanceof Json.Arr(List<Json> parts))) {
      return message.requireString("content");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      Members part = Members.of(message.path("content[" + i + "]"), parts.get(i));
      if (!part.requireString("type").equals("text")) {
        throw ApiError.invalid(
            part.path("type"), part.path("type") + ": expected text, the only kind served here");
      }
      text.append(part.requireString("text"));
    }
    return text.toString();
  }
}
