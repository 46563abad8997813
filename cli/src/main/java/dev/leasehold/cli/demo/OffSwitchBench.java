package dev.leasehold.cli.demo;

import dev.leasehold.cli.Console;
import dev.leasehold.cli.Verbs;
import dev.leasehold.cli.demo.Story.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How long after the click text still reaches consumers, with eight streams running. */
final class OffSwitchBench {
  private static final int STREAMS = 8;
  private static final int TOKENS = 200;

  private OffSwitchBench() {}

  static int run(int runs) throws Exception {
    Console console = Console.standard();
    Path home = Files.createTempDirectory("leasehold-bench-");
    World world = new World(home, console);
    try (world) {
      Stage stage = Stage.prepare(world);
      Lending.statements(stage);
      world.narrator().chapter(runs + " presses of the off-switch under " + STREAMS + " streams");
      double[] millis = new double[runs];
      for (int i = 0; i < runs; i++) {
        millis[i] = press(stage, "run-" + (i + 1));
        world
            .narrator()
            .fact("run " + (i + 1) + " of " + runs, String.format("%.0f ms", millis[i]));
      }
      Arrays.sort(millis);
      double median = millis[runs / 2];
      world
          .narrator()
          .fact(
              "last text",
              String.format(
                  "median %.0f ms, worst %.0f ms after the order was sent",
                  median, millis[runs - 1]));
      world.narrator().claim("the median is at most 500 ms", median <= 500);
    } catch (ClaimFailed e) {
      console.line(console.red("FAILED: " + e.getMessage()));
      return 1;
    }
    world.forget();
    return 0;
  }

  /** One lease, eight streams, one revoke; milliseconds from sending it to the last text. */
  private static double press(Stage stage, String name) throws Exception {
    Rental rental = Lending.quietly(stage, name, Lending.ROOMY);
    CountDownLatch speaking = new CountDownLatch(STREAMS);
    List<CompletableFuture<ChatStream.Ended>> streams = new ArrayList<>();
    for (int s = 0; s < STREAMS; s++) {
      int seed = s;
      streams.add(
          Async.supply(() -> {
            CountDownLatch first = new CountDownLatch(1);
            return new ChatStream(rental.proxy(), Stage.MODEL_NAME)
                .complete(
                    "The wise man",
                    TOKENS,
                    seed,
                    piece -> {
                      if (first.getCount() > 0) {
                        first.countDown();
                        speaking.countDown();
                      }
                    });
          }));
    }
    if (!speaking.await(60, TimeUnit.SECONDS)) {
      throw new ClaimFailed("not all streams started");
    }
    List<String> revoke =
        new ArrayList<>(
            List.of("revoke", rental.leaseId().hex(), "--key", stage.world().file("operator.key")));
    revoke.addAll(stage.custody().options());
    long sent = System.nanoTime();
    if (Verbs.run(revoke.toArray(String[]::new)) != 0) {
      throw new ClaimFailed("the revoke was refused");
    }
    long last = sent;
    for (CompletableFuture<ChatStream.Ended> stream : streams) {
      last = Math.max(last, stream.get(60, TimeUnit.SECONDS).lastPieceNanos());
    }
    rental.end();
    return (last - sent) / 1e6;
  }
}
