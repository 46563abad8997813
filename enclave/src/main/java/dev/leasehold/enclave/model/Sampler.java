package dev.leasehold.enclave.model;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Chooses the tokens of one text. */
final class Sampler {
  private final Sampling how;
  private final SplittableRandom random;
  private final BitSet seen = new BitSet();
  private final Map<Integer, Integer> made = new HashMap<>();

  Sampler(Sampling how, int[] prompt, long seed) {
    this.how = how;
    random = new SplittableRandom(seed);
    Arrays.stream(prompt).forEach(seen::set);
  }

  /** Picks a token and remembers it. The scores are used as working space. */
  int next(float[] scores) {
    penalize(scores);
    int token = how.temperature() == 0 ? best(scores) : draw(scores);
    seen.set(token);
    made.merge(token, 1, Integer::sum);
    return token;
  }

  private void penalize(float[] scores) {
    if (how.repetitionPenalty() != 1) {
      seen.stream()
          .forEach(t ->
              scores[t] =
                  scores[t] > 0
                      ? scores[t] / how.repetitionPenalty()
                      : scores[t] * how.repetitionPenalty());
    }
    if (how.frequencyPenalty() != 0 || how.presencePenalty() != 0) {
      made.forEach((t, n) -> scores[t] -= n * how.frequencyPenalty() + how.presencePenalty());
    }
  }

  private static int best(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  private int draw(float[] scores) {
    double sum = toWeights(scores);
    long[] kept = cut(scores, sum);
    double total = 0;
    for (long entry : kept) {
      total += scores[token(entry)];
    }
    double left = random.nextDouble() * total;
    for (long entry : kept) {
      left -= scores[token(entry)];
      if (left < 0) {
        return token(entry);
      }
    }
    return token(kept[0]);
  }

  /** Replaces scores by weights relative to the best token's, which gets 1; returns their sum. */
  private double toWeights(float[] scores) {
    float top = scores[best(scores)];
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) Math.exp((scores[i] - top) / how.temperature());
      sum += scores[i];
    }
    return sum;
  }

  /** The tokens that survive the three cuts, best first. */
  private long[] cut(float[] weights, double sum) {
    // A token below this can be in no nucleus of topP: all such tokens together weigh less than
    // what the nucleus leaves out. So most of the vocabulary need not be sorted.
    double floor = Math.max(how.minP(), (1 - how.topP()) * sum / weights.length);
    long[] entries = new long[weights.length];
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] >= floor) {
        entries[count++] = entry(weights[i], i);
      }
    }
    Arrays.sort(entries, 0, count);
    int keep = how.topK() == 0 ? count : Math.min(how.topK(), count);
    if (how.topP() < 1) {
      double wanted = how.topP() * sum;
      int n = 0;
      while (n < keep && wanted > 0) {
        wanted -= weights[token(entries[n++])];
      }
      keep = Math.max(n, 1);
    }
    return Arrays.copyOf(entries, keep);
  }

  /** Sorts by falling weight, then by token: the bits of a float of at least 0 order as it does. */
  private static long entry(float weight, int token) {
    return ((long) ~Float.floatToIntBits(weight) << Integer.SIZE) | token;
  }

  private static int token(long entry) {
    return (int) entry;
  }
}
