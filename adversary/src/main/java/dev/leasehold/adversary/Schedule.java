package dev.leasehold.adversary;

import dev.leasehold.adversary.world.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What happens in one run, drawn from a seed: the limits of a lease and what everybody does, in
 * order. It is data: whatever the world looks like when a move comes, the same move means the same.
 */
public record Schedule(long seed, Limits limits, List<Move> moves) {
  private static final int FEWEST = 100;
  private static final int SPREAD = 100;
  private static final int WEIGHTS = Arrays.stream(Verb.values()).mapToInt(Verb::weight).sum();

  /** One thing to do; the numbers choose among whatever is there. */
  record Move(Verb verb, int a, int b) {}

  /** The schedule of this seed. */
  public static Schedule of(long seed) {
    Random random = new Random(seed);
    Limits limits = Limits.of(random);
    List<Move> moves = new ArrayList<>();
    int boots = 1 + random.nextInt(4);
    for (int i = 0; i < boots; i++) {
      moves.add(move(Verb.BOOT, random));
    }
    // Challenge, evidence and a first heartbeat, mostly.
    for (int i = 0; i < 3 * boots; i++) {
      moves.add(move(Verb.EXCHANGE, random));
    }
    int more = FEWEST + random.nextInt(SPREAD);
    for (int i = 0; i < more; i++) {
      moves.add(move(draw(random), random));
    }
    return new Schedule(seed, limits, List.copyOf(moves));
  }

  private static Move move(Verb verb, Random random) {
    return new Move(verb, random.nextInt(1 << 16), random.nextInt(1 << 16));
  }

  private static Verb draw(Random random) {
    int left = random.nextInt(WEIGHTS);
    for (Verb v : Verb.values()) {
      left -= v.weight();
      if (left < 0) {
        return v;
      }
    }
    throw new IllegalStateException("weights");
  }
}
