package dev.leasehold.adversary.host;

import dev.leasehold.adversary.World;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.adversary.world.SimStream;
import dev.leasehold.core.stream.InferRequest.Delivery;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Consumers, who ask whichever enclave there is, and the wires between them and it, which are the
 * host's too: what is sealed it can only keep from them.
 */
public final class Consumers {
  private static final int MOST_STEPS = 6;
  private static final int MOST_TOKENS = 40;

  private final World world;

  public Consumers(World world) {
    this.world = world;
  }

  /** Somebody asks; four in five answers are made at once, the others wait for their end. */
  public String ask(SimEnclave e, int steps, int tokens) {
    Delivery delivery = tokens % 3 == 0 ? Delivery.HELD : Delivery.STREAMED;
    long made =
        world.ask(e, delivery, 1 + Math.floorMod(steps, MOST_STEPS), some(tokens), tokens % 5 != 0);
    return e.name() + " " + (made < 0 ? "denied" : made + " tokens");
  }

  /** The last step of an answer that has begun. */
  public String finish(SimEnclave e, int tokens) {
    return with(
        e,
        tokens,
        SimStream::isInTheMaking,
        s -> world.serve(e, s, 1, some(tokens), true) + " tokens");
  }

  /** From now on nothing of an answer reaches the consumer. */
  public String lose(SimEnclave e, int which) {
    return with(
        e,
        which,
        SimStream::hasArrived,
        s -> {
          s.lose();
          return "lost";
        });
  }

  /** A connection breaks off. */
  public String breakOff(SimEnclave e, int which) {
    return with(
        e,
        which,
        s -> true,
        s -> {
          world.breakOff(e, s);
          return "broken off";
        });
  }

  private static String with(
      SimEnclave e, int which, Predicate<SimStream> those, Function<SimStream, String> deed) {
    List<SimStream> open = e.serving().open().stream().filter(those).toList();
    return open.isEmpty()
        ? ""
        : e.name() + " " + deed.apply(open.get(Math.floorMod(which, open.size())));
  }

  private static long some(int tokens) {
    return 1L + Math.floorMod(tokens, MOST_TOKENS);
  }
}
