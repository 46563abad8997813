package dev.leasehold.cli.demo;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;

/** Sentence embeddings from a leased ONNX encoder, over the Open Inference Protocol. */
final class Embeddings {
  private static final int MAX_ANSWER = 16 << 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI proxy;
  private final String model;
  private final WordPieces tokenizer;

  Embeddings(URI proxy, String model, WordPieces tokenizer) {
    this.proxy = proxy;
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /** The normalised mean of the token vectors of one sentence. */
  double[] embed(String sentence) throws IOException, InterruptedException, Malformed, ClaimFailed {
    List<Long> ids = tokenizer.encode(sentence);
    Json.Obj request =
        Json.Obj.EMPTY.with(
            "inputs",
            Json.Arr.of(
                List.of(
                    tensor("input_ids", ids),
                    tensor("attention_mask", Collections.nCopies(ids.size(), 1L)),
                    tensor("token_type_ids", Collections.nCopies(ids.size(), 0L)))));
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(proxy.resolve("/v2/models/" + model + "/infer"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.write()))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    Json.Obj answer = ApiJson.parse("answer", response.body(), MAX_ANSWER);
    if (response.statusCode() != 200) {
      throw new ClaimFailed("the proxy answered " + response.statusCode() + " " + answer.write());
    }
    return normalisedMean(answer, ids.size());
  }

  /** Cosine similarity of two normalised vectors. */
  static double similarity(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static Json.Obj tensor(String name, List<Long> values) {
    return Json.Obj.EMPTY
        .with("name", name)
        .with("shape", Json.Arr.of(List.of(new Json.Int(1), new Json.Int(values.size()))))
        .with("datatype", "INT64")
        .with("data", Json.Arr.of(values.stream().map(Json.Int::new).toList()));
  }

  private static double[] normalisedMean(Json.Obj answer, int tokens) throws Malformed {
    if (!(answer.get("outputs").orElse(null) instanceof Json.Arr(var outputs)
        && outputs.getFirst() instanceof Json.Obj output
        && output.get("data").orElse(null) instanceof Json.Arr(var data))) {
      throw new Malformed("answer.outputs", "one tensor with data", answer.write());
    }
    int width = data.size() / tokens;
    double[] mean = new double[width];
    for (int i = 0; i < width * tokens; i++) {
      mean[i % width] += number(data.get(i)) / tokens;
    }
    double norm = Math.sqrt(similarity(mean, mean));
    for (int i = 0; i < width; i++) {
      mean[i] /= norm;
    }
    return mean;
  }

  private static double number(Json value) throws Malformed {
    return switch (value) {
      case Json.Real(double d) -> d;
      case Json.Int(long n) -> n;
      default -> throw new Malformed("answer.outputs.data", "numbers", value.write());
    };
  }
}
