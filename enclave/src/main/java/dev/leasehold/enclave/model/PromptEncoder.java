package dev.leasehold.enclave.model;

import dev.leasehold.enclave.model.ChatTemplate.Piece;
import dev.leasehold.enclave.model.engine.Vocabulary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Turns prompts into tokens. Only the template puts control tokens in: their names in what a user
 * wrote stay text, or a user could speak as the system.
 */
final class PromptEncoder {
  private final Vocabulary vocabulary;
  private final ChatTemplate template;

  PromptEncoder(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    template = ChatTemplate.of(vocabulary.chatTemplate());
  }

  int[] encode(Prompt prompt) {
    List<Piece> pieces =
        switch (prompt) {
          case Prompt.Text text -> List.of(new Piece.Text(text.text()));
          case Prompt.Chat chat -> template.render(chat.messages(), vocabulary.endName());
        };
    return new Encoding().of(pieces);
  }

  private final class Encoding {
    private final Map<String, OptionalInt> controls = new HashMap<>();
    private final IntStream.Builder tokens = IntStream.builder();
    private final StringBuilder text = new StringBuilder();

    int[] of(List<Piece> pieces) {
      beginning();
      for (Piece piece : pieces) {
        if (piece instanceof Piece.Control control) {
          controls.computeIfAbsent(control.name(), this::token);
        }
      }
      pieces.forEach(this::add);
      flush();
      return tokens.build().toArray();
    }

    private void add(Piece piece) {
      switch (piece) {
        case Piece.Text t -> text.append(t.text());
        case Piece.Beginning b -> {
          flush();
          beginning();
        }
        case Piece.Control c -> {
          OptionalInt token = controls.getOrDefault(c.name(), OptionalInt.empty());
          if (token.isPresent()) {
            flush();
            tokens.add(token.getAsInt());
          } else {
            text.append(c.name());
          }
        }
      }
    }

    /** Text between two control tokens is tokenized as one, as models were trained. */
    private void flush() {
      if (!text.isEmpty()) {
        plain(text.toString());
        text.setLength(0);
      }
    }

    /**
     * Some models list control tokens as ordinary ones that the tokenizer always recognises. Where
     * that happens, the name is torn after its first character.
     */
    private void plain(String part) {
      int[] found = vocabulary.tokenize(part, false);
      int tear = IntStream.of(found).anyMatch(this::isControl) ? firstName(part) + 1 : 0;
      if (tear > 0) {
        plain(part.substring(0, tear));
        plain(part.substring(tear));
      } else {
        IntStream.of(found).forEach(tokens::add);
      }
    }

    private int firstName(String part) {
      return controls.keySet().stream()
          .filter(name -> name.length() > 1)
          .mapToInt(part::indexOf)
          .filter(at -> at >= 0)
          .min()
          .orElse(-1);
    }

    private boolean isControl(int token) {
      return controls.containsValue(OptionalInt.of(token));
    }

    private void beginning() {
      if (vocabulary.addsBeginning()) {
        tokens.add(vocabulary.beginning());
      }
    }

    /** The token of this name, if the model has it. */
    private OptionalInt token(String name) {
      int[] found = vocabulary.tokenize(name, true);
      return found.length == 1 ? OptionalInt.of(found[0]) : OptionalInt.empty();
    }
  }
}
