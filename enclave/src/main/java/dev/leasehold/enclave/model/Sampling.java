package dev.leasehold.enclave.model;

import java.util.OptionalLong;

/**
 * How the next token is chosen from the scores, in this order: penalties, temperature, the three
 * cuts, then chance.
 *
 * @param temperature 0 takes the best token always; 0 to 10
 * @param topK keep the best so many; 0 keeps all
 * @param topP keep the fewest best tokens with at least this share; over 0 to 1
 * @param minP keep tokens at least this likely relative to the best; 0 to 1
 * @param repetitionPenalty divides the score of every token already in prompt or answer; 1 is none
 * @param frequencyPenalty subtracted once for each time the token is in the answer; -2 to 2
 * @param presencePenalty subtracted once if the token is in the answer; -2 to 2
 * @param seed makes chance repeatable; empty draws one
 */
public record Sampling(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repetitionPenalty,
    float frequencyPenalty,
    float presencePenalty,
    OptionalLong seed) {
  public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 0, 0, OptionalLong.empty());

  public Sampling {
    within("temperature", temperature, 0, 10);
    within("topK", topK, 0, Integer.MAX_VALUE);
    within("topP", topP, Float.MIN_VALUE, 1);
    within("minP", minP, 0, 1);
    within("repetitionPenalty", repetitionPenalty, 0.1f, 10);
    within("frequencyPenalty", frequencyPenalty, -2, 2);
    within("presencePenalty", presencePenalty, -2, 2);
  }

  /** Chance at this temperature, everything else off. */
  public static Sampling at(float temperature, float topP, OptionalLong seed) {
    return new Sampling(temperature, 0, topP, 0, 1, 0, 0, seed);
  }

  private static void within(String field, float value, float least, float most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          field + ": expected " + least + " to " + most + ", found " + value);
    }
  }
}
