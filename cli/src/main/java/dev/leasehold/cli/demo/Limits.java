package dev.leasehold.cli.demo;

import dev.leasehold.cli.Console;
import dev.leasehold.cli.demo.Story.Stage;
import dev.leasehold.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The three ends of a lease: the budget, the off-switch and the dead-man. */
final class Limits {
  private static final int LONG = 200;
  private static final String PROMPT = "The wise man";

  private Limits() {}

  static void budgetRunsOut(Stage stage) throws Exception {
    Narrator n = stage.world().narrator();
    long budget = 40;
    n.chapter("The budget runs out in mid-sentence");
    n.say("A second lease, of " + budget + " tokens. The consumer asks for " + LONG + ".");
    Rental rental =
        Lending.quietly(
            stage,
            "small",
            new Rental.Terms("tokens", budget, budget, 1_000, 6_000, 6_000, Lending.SLOW));
    ChatStream.Ended ended = ask(n.console(), rental, piece -> {});
    n.claim(
        "the stream ended with finish_reason lease_exhausted",
        ended.finish().equals("lease_exhausted"));
    long charged = 0;
    for (Json.Obj receipt : Serving.receipts(rental)) {
      charged += Views.number(receipt, "charged", "outputTokens");
    }
    n.claim(
        "charged exactly the budget: " + charged + " tokens; shown at most that: " + ended.tokens(),
        charged == budget && ended.tokens() <= budget);
    ChatStream.Ended again =
        new ChatStream(rental.proxy(), Stage.MODEL_NAME).complete(PROMPT, 5, 1, piece -> {});
    n.claim(
        "not one token more: the next request is refused with status " + again.status(),
        again.status() == 429 && again.pieces() == 0);
    rental.end();
  }

  static void offSwitch(Stage stage, Rental rental) throws Exception {
    World world = stage.world();
    Narrator n = world.narrator();
    n.chapter("The custodian presses the off-switch in mid-sentence");
    CountDownLatch speaking = new CountDownLatch(8);
    AtomicLong pieces = new AtomicLong();
    AtomicBoolean clicked = new AtomicBoolean();
    n.console().piece("     " + n.console().bold(PROMPT));
    CompletableFuture<ChatStream.Ended> answer =
        Async.supply(() ->
            new ChatStream(rental.proxy(), Stage.MODEL_NAME)
                .complete(
                    PROMPT,
                    LONG,
                    11,
                    piece -> {
                      pieces.incrementAndGet();
                      if (!clicked.get()) {
                        n.console().piece(piece.replace("\n", "\n     "));
                      }
                      speaking.countDown();
                    }));
    if (!speaking.await(30, TimeUnit.SECONDS)) {
      throw new ClaimFailed("the stream did not start");
    }
    List<String> revoke =
        new ArrayList<>(
            List.of(
                "revoke",
                rental.leaseId().hex(),
                "--key",
                world.file("operator.key"),
                "--reason",
                "the demonstration"));
    revoke.addAll(stage.custody().options());
    clicked.set(true);
    n.console().line(" …");
    long promised = Views.number(stage.operator().lease(rental.leaseId()), "x", "outputTokens");
    world.run(revoke.toArray(String[]::new));
    long committed = System.nanoTime();
    long before = pieces.get();
    ChatStream.Ended ended = answer.get(60, TimeUnit.SECONDS);
    n.claim(
        "the stream ended with finish_reason lease_stopped",
        ended.finish().equals("lease_stopped"));
    long after = pieces.get() - before;
    n.claim(
        "after the answer to the click "
            + after
            + (after == 1 ? " token" : " tokens")
            + " reached the consumer, X was "
            + promised,
        after <= promised);
    n.claim(
        String.format(
            "the last of them %.0f ms after the order was answered",
            Math.max(0, (ended.lastPieceNanos() - committed) / 1e6)),
        ended.lastPieceNanos() - committed < TimeUnit.SECONDS.toNanos(1));
    Json.Obj books =
        stage
            .operator()
            .await(
                rental.leaseId(),
                "no unresolved enclave is left",
                30,
                l -> l.write().contains("\"unresolved\":[]"));
    world.run(Serving.show(stage, rental));
    prove(stage, rental);
    n.claim(
        "proof of cessation: the enclave wiped itself, signed its final, and X is "
            + Views.number(books, "x", "outputTokens"),
        Views.number(books, "x", "outputTokens") == 0);
    n.claim(
        "the lease is " + Views.text(books, "state") + ", and no signature can revive it",
        List.of("REVOKED", "SETTLED").contains(Views.text(books, "state")));
  }

  /** Takes the proof from the custodian, and checks the file as a stranger would. */
  private static void prove(Stage stage, Rental rental) throws Exception {
    World world = stage.world();
    List<String> fetch =
        new ArrayList<>(
            List.of(
                "proof",
                "fetch",
                rental.leaseId().hex(),
                "--token",
                world.file("operator.token"),
                "--out",
                world.file("cessation.json")));
    fetch.addAll(stage.custody().options());
    world.runQuietly(fetch.toArray(String[]::new));
    world.run(
        "proof",
        "check",
        world.file("cessation.json"),
        "--approver",
        world.file("approver.key.pub"));
  }

  static void wireIsCut(Stage stage) throws Exception {
    World world = stage.world();
    Narrator n = world.narrator();
    n.chapter("The borrower cuts the wire to the custodian");
    Rental.Terms terms = new Rental.Terms("tokens", 4_000, 600, 1_000, 3_000, 3_000, Lending.SLOW);
    n.say(
        String.format(
            "A third lease: without a fresh grant an enclave serves %.0f s, and wipes itself %.0f s"
                + " later.",
            terms.ttlMs() / 1e3, terms.graceMs() / 1e3));
    Rental rental = Lending.quietly(stage, "cut", terms);
    CountDownLatch speaking = new CountDownLatch(4);
    CompletableFuture<ChatStream.Ended> answer =
        Async.supply(() -> ask(n.console(), rental, piece -> speaking.countDown()));
    if (!speaking.await(30, TimeUnit.SECONDS)) {
      throw new ClaimFailed("the stream did not start");
    }
    rental.wire().cut();
    long cut = System.nanoTime();
    ChatStream.Ended ended = answer.get(60, TimeUnit.SECONDS);
    n.console().blank();
    n.claim(
        String.format(
            "the stream stopped %.1f s after the cut, with %s",
            (ended.lastPieceNanos() - cut) / 1e9, ended.finish()),
        ended.finish().equals("lease_stopped"));
    Json.Obj before = stage.operator().lease(rental.leaseId());
    n.say(
        "The custodian cannot know that it stopped. Its books say the truth: at most "
            + Views.number(before, "x", "outputTokens")
            + " tokens more.");
    TimeUnit.NANOSECONDS.sleep(
        Math.max(
            0,
            cut
                + TimeUnit.MILLISECONDS.toNanos(terms.ttlMs() + terms.graceMs() + 1_500)
                - System.nanoTime()));
    rental.wire().mend();
    Json.Obj after =
        stage
            .operator()
            .await(
                rental.leaseId(),
                "the enclave's final arrives",
                30,
                l -> l.write().contains("\"unresolved\":[]"));
    n.claim(
        "the wire is mended: the final DEADMAN, kept by the relay, brings X to "
            + Views.number(after, "x", "outputTokens"),
        Views.number(after, "x", "outputTokens") == 0);
    rental.end();
  }

  private static ChatStream.Ended ask(Console console, Rental rental, Consumer<String> heard)
      throws Exception {
    console.piece("     " + console.bold(PROMPT));
    ChatStream.Ended ended =
        new ChatStream(rental.proxy(), Stage.MODEL_NAME)
            .complete(
                PROMPT,
                LONG,
                11,
                piece -> {
                  heard.accept(piece);
                  console.piece(piece.replace("\n", "\n     "));
                });
    console.blank();
    return ended;
  }
}
