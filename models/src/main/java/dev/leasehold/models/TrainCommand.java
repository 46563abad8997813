package dev.leasehold.models;

import static java.util.Locale.ROOT;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.leasehold.models.GgufWriter.NumberFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train --text FILE --out DIR}: from a text to a GGUF file. */
@Command(
    name = "train",
    description = "Trains a small language model on a text and writes it as GGUF.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class TrainCommand implements Callable<Integer> {
  private static final int CHECKPOINT_EVERY = 200;
  private static final int CHOOSE_END_EVERY = 4;
  private static final int WARM_UP = 100;
  private static final int SAMPLE_TOKENS = 60;
  private static final List<String> PROMPTS =
      List.of("In the beginning", "And the king said", "The wise man");

  @Spec private CommandSpec spec;

  @Option(names = "--text", required = true, description = "Verses, as bible -f writes them.")
  private Path text;

  @Option(names = "--out", required = true, description = "Folder for the model.")
  private Path out;

  @Option(names = "--name", defaultValue = "kjv-small", description = "The model's name.")
  private String name;

  @Option(names = "--steps", defaultValue = "4000", description = "Steps.")
  private int steps;

  @Option(
      names = "--minutes",
      defaultValue = "600",
      description = "Take fewer steps, to end after about this long.")
  private double minutes;

  @Option(names = "--seed", defaultValue = "1611", description = "Of the weights and the order.")
  private long seed;

  @Option(names = "--threads", defaultValue = "1", description = "Processor threads.")
  private int threads;

  @Option(names = "--batch", defaultValue = "8", description = "Passages in a step.")
  private int batch;

  @Option(names = "--rate", defaultValue = "3e-3", description = "The highest learning rate.")
  private float rate;

  @Mixin private Sizes sizes;

  public static void main(String[] args) {
    System.exit(new CommandLine(new TrainCommand()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    // The engine must use what is on the class path: no download, no usage statistics.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    Files.createDirectories(out);

    Corpus corpus = Corpus.parse(Files.readAllLines(text));
    Vocabulary vocabulary = VocabularyTrainer.train(corpus.training().verses(), sizes.vocabulary());
    Architecture architecture = sizes.architecture(vocabulary);
    SplittableRandom random = new SplittableRandom(seed);
    Engine engine = Engine.getEngine("PyTorch");
    try (NDManager manager = engine.newBaseManager()) {
      Weights weights = Weights.random(architecture, manager, random);
      Transformer transformer = new Transformer(architecture, weights, manager);
      Training training =
          new Training(
              engine,
              transformer,
              new AdamW(weights, manager),
              TokenStream.of(corpus.training(), vocabulary),
              TokenStream.of(corpus.heldOut(), vocabulary),
              batch,
              random);
      Progress progress =
          new Progress(
              spec.commandLine().getOut(), InstantSource.system(), batch * architecture.context());
      progress.say(
          "%,d parameters, %,d tokens of text", architecture.parameters(), training.tokens());
      descend(training, progress, () -> write(architecture, vocabulary, weights));
      sample(new Continuation(transformer, vocabulary), progress);
    }
    return 0;
  }

  private void descend(Training training, Progress progress, Checkpoint checkpoint)
      throws IOException {
    LearningRate learningRate = new LearningRate(rate, WARM_UP, steps);
    double plateau = minutes * LearningRate.risingPart();
    for (int step = 1; step <= learningRate.steps(); step++) {
      progress.step(step, learningRate.steps(), training.step(step, learningRate.at(step)));
      if (step % CHECKPOINT_EVERY == 0) {
        checkpoint.write();
        progress.say("step %5d  held-out loss %.3f", step, training.heldOutLoss());
      }
      if (step % CHOOSE_END_EVERY == 0 && progress.minutes() > plateau) {
        learningRate = learningRate.fallingAfter(step);
        plateau = Double.MAX_VALUE;
      }
    }
    checkpoint.write();
    progress.say(
        "done: %d steps in %.1f min, held-out loss %.3f",
        learningRate.steps(), progress.minutes(), training.heldOutLoss());
  }

  /** In each format: F16 is small, F32 is what was trained. */
  private void write(Architecture architecture, Vocabulary vocabulary, Weights weights)
      throws IOException {
    Map<String, float[]> values = weights.values();
    for (NumberFormat matrices : NumberFormat.values()) {
      byte[] file = LanguageModelFile.of(name, architecture, vocabulary, values, matrices);
      Files.write(out.resolve("%s-%s.gguf".formatted(name, matrices).toLowerCase(ROOT)), file);
    }
  }

  private static void sample(Continuation continuation, Progress progress) {
    for (String prompt : PROMPTS) {
      progress.say("---- greedy: %s%n%s", prompt, continuation.of(prompt, SAMPLE_TOKENS));
    }
  }

  private interface Checkpoint {
    void write() throws IOException;
  }
}
