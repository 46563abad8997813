package dev.leasehold.enclave.model;

import java.util.List;
import java.util.Locale;

/** What a language model is asked to continue. */
public sealed interface Prompt {
  /** Text as it is; no template is applied. */
  record Text(String text) implements Prompt {}

  /** A conversation, rendered with the model's chat template. */
  record Chat(List<Message> messages) implements Prompt {
    public Chat {
      messages = List.copyOf(messages);
    }
  }

  /** One turn of a conversation. */
  record Message(Role role, String content) {}

  /** Who speaks. */
  enum Role {
    SYSTEM,
    USER,
    ASSISTANT;

    /** As APIs and templates write it. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
