package dev.leasehold.enclave.model.llama;

import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The loop one would write without a lease: the same kernel, greedy choice and text, no guard, no
 * permit, no scheduler. It exists only in this module, which no product contains; it is in the
 * engine's package because nothing else can reach the kernel.
 */
public final class BareLoop implements AutoCloseable {
  private final LlamaContext context;

  public BareLoop(Natives natives, ModelMemory model, LlamaEngine.Options options) {
    context = LlamaContext.load(natives, List.of(model), options);
  }

  /** Continues the same prompt in several sequences; returns their texts. */
  public List<String> run(String prompt, int sequences, int tokens) {
    int[] read = encode(prompt);
    Text[] texts =
        IntStream.range(0, sequences).mapToObj(s -> prefill(s, read)).toArray(Text[]::new);
    float[] scores = new float[context.vocabulary().size()];
    for (int made = 0; made < tokens; made++) {
      context.batch().clear();
      for (Text text : texts) {
        context.batch().add(text.token, read.length - 1 + made, text.sequence, true);
      }
      run();
      for (int i = 0; i < texts.length; i++) {
        context.copyScores(i, scores);
        texts[i].token = best(scores);
        texts[i].out.writeBytes(context.vocabulary().piece(texts[i].token));
      }
    }
    Arrays.stream(texts).forEach(text -> context.forget(text.sequence));
    return Arrays.stream(texts).map(text -> text.out.toString(StandardCharsets.UTF_8)).toList();
  }

  @Override
  public void close() {
    context.close();
  }

  private Text prefill(int sequence, int[] read) {
    context.batch().clear();
    for (int i = 0; i < read.length - 1; i++) {
      context.batch().add(read[i], i, sequence, false);
    }
    run();
    return new Text(sequence, read[read.length - 1]);
  }

  private int[] encode(String prompt) {
    IntStream beginning = IntStream.of(context.vocabulary().beginning());
    IntStream text = IntStream.of(context.vocabulary().tokenize(prompt, false));
    return IntStream.concat(beginning, text).toArray();
  }

  private void run() {
    int code = context.step();
    if (code != LlamaContext.DONE) {
      throw new IllegalStateException("llama_decode returned " + code);
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

  private static final class Text {
    private final int sequence;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int token;

    Text(int sequence, int token) {
      this.sequence = sequence;
      this.token = token;
    }
  }
}
