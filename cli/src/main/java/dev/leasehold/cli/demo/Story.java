package dev.leasehold.cli.demo;

import dev.leasehold.cli.Console;
import dev.leasehold.cli.Servers;
import dev.leasehold.core.bytes.Hash;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The whole story, chapter by chapter. Each chapter shows what a person would type, does it with
 * the same verbs, and checks what it claims.
 */
final class Story {
  private Story() {}

  /** Tells the story; 0 when every claim held. */
  static int tell(boolean stay) throws Exception {
    Console console = Console.standard();
    Path home = Files.createTempDirectory("leasehold-demo-");
    World world = new World(home, console);
    try (world) {
      Narrator narrator = world.narrator();
      opening(narrator, home);
      Stage stage = Stage.prepare(world);
      Rental main = Lending.bootAndAppraise(stage);
      Serving.answer(stage, main);
      Thief.searches(stage, main);
      Tampering.isRefused(stage, main);
      Tensors.areMetered(stage);
      Limits.budgetRunsOut(stage);
      Limits.offSwitch(stage, main);
      Limits.wireIsCut(stage);
      closing(narrator);
      if (stay) {
        stay(stage, world);
      }
    } catch (ClaimFailed e) {
      console.blank();
      console.line(console.red("THE STORY FAILED: " + e.getMessage()));
      console.line("Everything it wrote is in " + home);
      return 1;
    }
    world.forget();
    return 0;
  }

  private static void opening(Narrator n, Path home) {
    Console c = n.console();
    c.line(c.bold("Leasehold: lending a model without giving it away"));
    c.line(
        c.yellow(
            "SIMULATED hardware: real formats, real cryptography, real verification, but NO"
                + " confidentiality."));
    n.say(
        "A custodian owns a model. A borrower runs it on a machine of its own. A consumer asks it"
            + " questions. Each is a process of its own here. Lines with $ are what you would type,"
            + " in the folder "
            + home
            + ".");
  }

  private static void closing(Narrator n) {
    n.console().blank();
    n.console()
        .line(
            n.console()
                .green(
                    String.format(
                        "All %d claims held, in %.0f seconds.", n.claims(), n.seconds())));
  }

  /** Lends once more, so that there is something to look at, and waits. */
  private static void stay(Stage stage, World world) throws Exception {
    Narrator n = world.narrator();
    n.chapter("Staying, with a fresh lease");
    Rental rental = Lending.quietly(stage, "stay", Lending.ROOMY);
    n.fact("OpenAI API", rental.proxy() + "/v1  (model " + Stage.MODEL_NAME + ")");
    n.fact("borrower's page", rental.page() + "/");
    n.fact("custodian", Custody.uri(stage.custody().port()));
    n.fact("everything", world.home());
    n.say("Ask it something:");
    n.console()
        .line(
            "   curl "
                + rental.proxy()
                + "/v1/completions -d '{\"model\":\""
                + Stage.MODEL_NAME
                + "\",\"prompt\":\"The wise man\",\"max_tokens\":60}'");
    n.say("Press Ctrl-C to end it all.");
    Servers.untilStopped();
  }

  /** What all chapters share. */
  record Stage(World world, Custody custody, Operator operator, Path model) {
    static final String MODEL_NAME = "kjv-small";

    /** Chapters one and two: the custodian's side. */
    static Stage prepare(World world) throws Exception {
      Narrator n = world.narrator();
      n.chapter("The custodian makes its keys and starts its server");
      Custody custody = Custody.found(world);
      n.claim(
          "the server's keys lie in files that only their owner can read",
          Custody.privateFilesOnly(world.path("custodian/keys")));
      n.chapter("The model is sealed");
      n.say(
          "A small language model, trained by this project on the King James Bible (models/). Its"
              + " key is made here, handed to the custodian sealed, and overwritten.");
      Path model = DemoModels.languageModel();
      custody.seal(model, "sealed", "--name", MODEL_NAME);
      PlaintextSearch search = new PlaintextSearch(model);
      n.claim(
          search.fingerprints() + " fingerprints of the model: none is in the sealed package",
          search.search(List.of(world.path("sealed"))).isEmpty());
      n.claim("the key's pending copy is gone", !Files.exists(world.path("sealed.dek")));
      Operator operator =
          new Operator(
              URI.create(Custody.uri(custody.port())),
              new Hash(custody.pin()),
              Files.readString(world.path("operator.token")).strip());
      return new Stage(world, custody, operator, model);
    }
  }
}
