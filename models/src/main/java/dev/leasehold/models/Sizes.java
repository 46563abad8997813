package dev.leasehold.models;

import picocli.CommandLine.Option;

/** The options that shape the model. */
final class Sizes {
  @Option(names = "--vocabulary", defaultValue = "2048", description = "Tokens at most.")
  private int vocabulary;

  @Option(names = "--context", defaultValue = "256", description = "Tokens seen at once.")
  private int context;

  @Option(names = "--width", defaultValue = "128", description = "Embedding length.")
  private int width;

  @Option(names = "--layers", defaultValue = "5", description = "Blocks.")
  private int layers;

  @Option(names = "--heads", defaultValue = "4", description = "Attention heads.")
  private int heads;

  @Option(names = "--hidden", defaultValue = "352", description = "Feed-forward length.")
  private int hidden;

  int vocabulary() {
    return vocabulary;
  }

  /** A text may need fewer tokens than the vocabulary had room for. */
  Architecture architecture(Vocabulary learnt) {
    return new Architecture(learnt.size(), context, width, layers, heads, hidden);
  }
}
