package dev.leasehold.enclave.model.engine;

import org.jspecify.annotations.Nullable;

/** A model's tokens and what they spell. Safe from any thread; costs no permit. */
public interface Vocabulary {
  /** How many tokens there are. */
  int size();

  /**
   * Splits text into tokens.
   *
   * @param special when true, the names of control tokens in the text become those tokens: never
   *     for text that a user wrote
   */
  int[] tokenize(String text, boolean special);

  /** The bytes a token spells; empty for control tokens. They may be part of a character. */
  byte[] piece(int token);

  /** True for a token that ends the answer. */
  boolean endsText(int token);

  /** True when a text must begin with {@link #beginning}. */
  boolean addsBeginning();

  int beginning();

  /** The name of the token that ends a text, such as {@code </s>}. */
  String endName();

  /** The chat template stored with the model, in Jinja. */
  @Nullable String chatTemplate();
}
