package dev.leasehold.enclave.model;

import java.util.List;

/**
 * One text to be generated.
 *
 * @param prompt what to continue
 * @param sampling how tokens are chosen
 * @param maxTokens the most tokens to make, at least 1
 * @param stop strings that end the text before they appear in it; none empty
 */
public record GenerateRequest(Prompt prompt, Sampling sampling, int maxTokens, List<String> stop) {
  public GenerateRequest {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens: expected at least 1, found " + maxTokens);
    }
    stop = List.copyOf(stop);
    if (stop.contains("")) {
      throw new IllegalArgumentException("stop: expected strings of at least one character");
    }
  }
}
