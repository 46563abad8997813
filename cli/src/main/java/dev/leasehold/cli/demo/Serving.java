package dev.leasehold.cli.demo;

import dev.leasehold.cli.Console;
import dev.leasehold.cli.demo.Story.Stage;
import dev.leasehold.consumer.ask.Receipts;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A consumer asks; the meter falls; a receipt says what was charged. */
final class Serving {
  private static final String PROMPT = "And the king said unto";
  private static final int TOKENS = 80;

  private Serving() {}

  static void answer(Stage stage, Rental rental) throws Exception {
    Narrator n = stage.world().narrator();
    Console console = n.console();
    n.chapter("A consumer asks, and the meter falls");
    n.say(
        "The proxy checks hardware, program, lease and freshness by itself before a byte of the"
            + " prompt leaves. To its clients it is an OpenAI server:");
    console.line(
        console.dim(
            "   $ curl -N "
                + rental.proxy()
                + "/v1/completions -d '{\"model\":\""
                + Stage.MODEL_NAME
                + "\",\"prompt\":\""
                + PROMPT
                + "\",\"max_tokens\":"
                + TOKENS
                + ",\"stream\":true}'"));
    long before = Views.number(stage.operator().lease(rental.leaseId()), "settled", "outputTokens");
    console.piece("     " + console.bold(PROMPT));
    ChatStream.Ended ended =
        new ChatStream(rental.proxy(), Stage.MODEL_NAME)
            .complete(PROMPT, TOKENS, 7, piece -> console.piece(piece.replace("\n", "\n     ")));
    console.blank();
    n.claim(
        "the answer came in " + ended.pieces() + " pieces, " + ended.tokens() + " tokens",
        ended.status() == 200 && ended.pieces() > 5 && ended.error().isEmpty());
    Json.Obj receipt = newestReceipt(rental);
    n.fact("receipt", rental.folder().resolve("receipts"));
    n.fact("model digest", Views.text(receipt, "modelDigest"));
    n.fact("charged", Views.at(receipt, "charged").write());
    n.claim(
        "the receipt, signed in the enclave and verified by the proxy, charges what came",
        Views.number(receipt, "charged", "outputTokens") >= ended.tokens()
            && Views.text(receipt, "finish").equals(ended.finish()));
    long charged = Views.number(receipt, "charged", "outputTokens");
    stage
        .operator()
        .await(
            rental.leaseId(),
            "the proven use grows by " + charged,
            15,
            l -> settled(l) >= before + charged);
    stage.world().run(show(stage, rental));
    n.claim("the custodian's books show the same " + charged + " tokens as proven use", true);
  }

  static String[] show(Stage stage, Rental rental) {
    return Stream.concat(
            Stream.of(
                "show", rental.leaseId().hex(), "--token", stage.world().file("operator.token")),
            stage.custody().options().stream())
        .toArray(String[]::new);
  }

  /** All receipts the consumer holds of this lease, oldest first. */
  static List<Json.Obj> receipts(Rental rental) throws IOException, ClaimFailed {
    List<Path> files = new ArrayList<>(Receipts.in(rental.folder().resolve("receipts")));
    files.sort(Comparator.comparingLong(f -> f.toFile().lastModified()));
    List<Json.Obj> receipts = new ArrayList<>();
    for (Path file : files) {
      receipts.add(Views.payload(file));
    }
    return receipts;
  }

  private static Json.Obj newestReceipt(Rental rental) throws IOException, ClaimFailed {
    return receipts(rental).getLast();
  }

  private static long settled(Json.Obj lease) {
    try {
      return Views.number(lease, "settled", "outputTokens");
    } catch (ClaimFailed e) {
      return -1;
    }
  }
}
