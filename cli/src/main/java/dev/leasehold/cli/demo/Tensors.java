package dev.leasehold.cli.demo;

import dev.leasehold.cli.demo.Story.Stage;
import dev.leasehold.core.json.Json;

/** An ONNX model under lease: a published sentence encoder, counted in requests. */
final class Tensors {
  private static final String NAME = "all-minilm-l6-v2";

  private Tensors() {}

  static void areMetered(Stage stage) throws Exception {
    World world = stage.world();
    Narrator n = world.narrator();
    n.chapter("Not only language models: an ONNX sentence encoder");
    stage
        .custody()
        .seal(
            DemoModels.sentenceEncoder(world.home()),
            "sealed-onnx",
            "--name",
            NAME,
            "--megaflops-per-request",
            "500");
    Rental rental =
        Lending.quietly(
            stage,
            "tensors",
            "sealed-onnx",
            new Rental.Terms("requests", 3, 3, 1_000, 6_000, 6_000, Lending.QUICK));
    Embeddings embeddings =
        new Embeddings(rental.proxy(), NAME, new WordPieces(DemoModels.tokenizer()));
    double[] lord = embeddings.embed("The king spoke to his people.");
    double[] close = embeddings.embed("The monarch addressed the nation.");
    double[] far = embeddings.embed("Water boils at a hundred degrees.");
    double near = Embeddings.similarity(lord, close);
    double away = Embeddings.similarity(lord, far);
    n.fact("similarity", String.format("%.2f alike, %.2f unlike", near, away));
    n.claim("it tells like from unlike", near > away + 0.2);
    boolean refused = false;
    try {
      embeddings.embed("One more.");
    } catch (ClaimFailed exhausted) {
      refused = String.valueOf(exhausted.getMessage()).contains("lease_exhausted");
    }
    n.claim("its budget was 3 requests: the fourth is refused with lease_exhausted", refused);
    Json.Obj books =
        stage.operator().await(rental.leaseId(), "3 requests proven", 15, l -> proven(l) == 3);
    n.claim(
        "the books agree: " + Views.number(books, "settled", "requests") + " requests used", true);
    rental.end();
  }

  private static long proven(Json.Obj lease) {
    try {
      return Views.number(lease, "settled", "requests");
    } catch (ClaimFailed e) {
      return -1;
    }
  }
}
