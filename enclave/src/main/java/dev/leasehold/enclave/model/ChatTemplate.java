package dev.leasehold.enclave.model;

import dev.leasehold.enclave.model.Prompt.Message;
import dev.leasehold.enclave.model.Prompt.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The common ways to lay out a conversation for a model. Models carry theirs as a Jinja program;
 * Leasehold recognises it and does not run it: no template language inside the TEE.
 */
enum ChatTemplate {
  /** No known template: the contents, one after the other. */
  PLAIN {
    @Override
    void turn(Turns out, Message m) {
      out.text(m.content());
    }

    @Override
    void answer(Turns out) {}
  },
  CHATML {
    @Override
    void turn(Turns out, Message m) {
      out.control("<|im_start|>").text(m.role().wire() + "\n" + m.content());
      out.control("<|im_end|>").text("\n");
    }

    @Override
    void answer(Turns out) {
      out.control("<|im_start|>").text("assistant\n");
    }
  },
  LLAMA3 {
    @Override
    void turn(Turns out, Message m) {
      header(out, m.role().wire());
      out.text(m.content().strip()).control("<|eot_id|>");
    }

    @Override
    void answer(Turns out) {
      header(out, "assistant");
    }

    private void header(Turns out, String name) {
      out.control("<|start_header_id|>").text(name).control("<|end_header_id|>").text("\n\n");
    }
  },
  GEMMA {
    @Override
    List<Message> prepare(List<Message> messages) {
      return systemIntoFirstUser(messages, "", "\n\n");
    }

    @Override
    void turn(Turns out, Message m) {
      String name = m.role() == Role.ASSISTANT ? "model" : "user";
      out.control("<start_of_turn>").text(name + "\n" + m.content().strip());
      out.control("<end_of_turn>").text("\n");
    }

    @Override
    void answer(Turns out) {
      out.control("<start_of_turn>").text("model\n");
    }
  },
  LLAMA2 {
    @Override
    List<Message> prepare(List<Message> messages) {
      return systemIntoFirstUser(messages, "<<SYS>>\n", "\n<</SYS>>\n\n");
    }

    @Override
    void turn(Turns out, Message m) {
      if (m.role() == Role.ASSISTANT) {
        out.text(" " + m.content().strip() + " ").end().beginning();
      } else {
        out.control("[INST]").text(" " + m.content().strip() + " ").control("[/INST]");
      }
    }

    @Override
    void answer(Turns out) {}
  },
  MISTRAL {
    @Override
    List<Message> prepare(List<Message> messages) {
      return systemIntoFirstUser(messages, "", "\n\n");
    }

    @Override
    void turn(Turns out, Message m) {
      if (m.role() == Role.ASSISTANT) {
        out.text(" " + m.content().strip()).end();
      } else {
        out.control("[INST]").text(" " + m.content() + " ").control("[/INST]");
      }
    }

    @Override
    void answer(Turns out) {}
  },
  PHI {
    @Override
    void turn(Turns out, Message m) {
      out.control("<|" + m.role().wire() + "|>").text("\n" + m.content());
      out.control("<|end|>").text("\n");
    }

    @Override
    void answer(Turns out) {
      out.control("<|assistant|>").text("\n");
    }
  },
  ZEPHYR {
    @Override
    void turn(Turns out, Message m) {
      out.control("<|" + m.role().wire() + "|>").text("\n" + m.content()).end().text("\n");
    }

    @Override
    void answer(Turns out) {
      out.control("<|assistant|>").text("\n");
    }
  };

  /** A part of a laid-out conversation. */
  sealed interface Piece {
    /** A token by its name. */
    record Control(String name) implements Piece {}

    /** Text in which no token is ever recognised by name. */
    record Text(String text) implements Piece {}

    /** The token that begins a text, where the model has one. */
    record Beginning() implements Piece {}
  }

  /** Tells the template by what is in the model's Jinja program. */
  static ChatTemplate of(@Nullable String jinja) {
    if (jinja == null) {
      return PLAIN;
    } else if (jinja.contains("<|im_start|>")) {
      return CHATML;
    } else if (jinja.contains("<|start_header_id|>")) {
      return LLAMA3;
    } else if (jinja.contains("<start_of_turn>")) {
      return GEMMA;
    } else if (jinja.contains("[INST]")) {
      return jinja.contains("<<SYS>>") ? LLAMA2 : MISTRAL;
    } else if (jinja.contains("<|end|>") && jinja.contains("<|assistant|>")) {
      return PHI;
    } else if (jinja.contains("<|assistant|>") && jinja.contains("eos_token")) {
      return ZEPHYR;
    }
    return PLAIN;
  }

  /** Lays out a conversation up to where the answer begins. */
  List<Piece> render(List<Message> messages, String endName) {
    Turns out = new Turns(endName);
    prepare(messages).forEach(m -> turn(out, m));
    answer(out);
    return out.pieces;
  }

  List<Message> prepare(List<Message> messages) {
    return messages;
  }

  abstract void turn(Turns out, Message m);

  abstract void answer(Turns out);

  /** For templates without a system turn. */
  private static List<Message> systemIntoFirstUser(
      List<Message> messages, String before, String after) {
    if (messages.isEmpty() || messages.getFirst().role() != Role.SYSTEM) {
      return messages;
    }
    String system = before + messages.getFirst().content() + after;
    List<Message> rest = new ArrayList<>(messages.subList(1, messages.size()));
    if (rest.isEmpty() || rest.getFirst().role() != Role.USER) {
      rest.addFirst(new Message(Role.USER, ""));
    }
    rest.set(0, new Message(Role.USER, system + rest.getFirst().content()));
    return rest;
  }

  static final class Turns {
    private final List<Piece> pieces = new ArrayList<>();
    private final String endName;

    private Turns(String endName) {
      this.endName = endName;
    }

    Turns text(String text) {
      pieces.add(new Piece.Text(text));
      return this;
    }

    Turns control(String name) {
      pieces.add(new Piece.Control(name));
      return this;
    }

    Turns beginning() {
      pieces.add(new Piece.Beginning());
      return this;
    }

    Turns end() {
      return endName.isEmpty() ? this : control(endName);
    }
  }
}
