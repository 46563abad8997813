package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Statements;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What comes back for a request, or seems to. */
public record Answer(int status, Type type, String body) {
  /** No answer at all: the connection broke, or nobody listens. */
  public static final Answer NOTHING = new Answer(503, Type.UNSIGNED, "");

  private static final int MOST_BYTES = 1 << 20;

  /** What a body claims to be. */
  public enum Type {
    /** An object of envelopes. */
    BUNDLE,
    /** A refusal that bears a signature. */
    SIGNED,
    /** An error that means nothing to an enclave. */
    UNSIGNED
  }

  /** Whoever hears this asks again: it does not tell whether anything was done. */
  public boolean isNone() {
    return status == NOTHING.status && type == Type.UNSIGNED;
  }

  public boolean isGood() {
    return status >= 200 && status < 300 && type == Type.BUNDLE;
  }

  /** The same answer with other bytes. */
  public Answer with(String other) {
    return new Answer(status, type, other);
  }

  /** The bundle, if there is one that parses. */
  public <B extends Record> Optional<B> bundle(Class<B> kind) {
    if (!isGood()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Bundle.parse(kind, body.getBytes(StandardCharsets.UTF_8), MOST_BYTES));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** The signed refusal, if there is one that parses. */
  public Optional<Envelope> refusal() {
    if (type != Type.SIGNED) {
      return Optional.empty();
    }
    try {
      return Optional.of(Envelope.parse("refusal", body.getBytes(StandardCharsets.UTF_8)));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** In a word, for a trace: the status, and the name of a refusal. */
  public String summary() {
    return switch (type) {
      case BUNDLE -> String.valueOf(status);
      case SIGNED, UNSIGNED -> status + title();
    };
  }

  private String title() {
    return refusal().map(Answer::name).orElse("");
  }

  private static String name(Envelope refusal) {
    try {
      return " " + Statements.PROBLEM.decode(refusal.payload().toArray()).name();
    } catch (Malformed e) {
      return " unreadable";
    }
  }
}
