package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.stream.Ending;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.enclave.model.OnnxService;
import dev.leasehold.enclave.model.TestModels;
import dev.leasehold.enclave.model.engine.Natives;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OipApiTest {
  private static final int PIXELS = 784;

  private FakeLease lease;
  private OnnxService service;
  private EnclaveApi api;
  private Client client;

  @BeforeEach
  void open() throws Exception {
    lease = new FakeLease();
    service =
        OnnxService.open(Natives.fromSystemProperty(), TestModels.digits(), 1, lease.metering());
    api =
        EnclaveApi.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            lease,
            new Model.Onnx(service),
            new SecureRandom());
    client = new Client(api.port(), lease);
  }

  @AfterEach
  void close() {
    client.close();
    api.close();
    service.close();
  }

  @Test
  void recognisesDigits() throws Exception {
    lease.allow(lease.budget);
    byte[] holdout = TestModels.read("models/mnist-mlp/holdout-200.bin");
    int right = 0;
    for (int i = 0; i < 20; i++) {
      Client.Reply reply = infer(digit(holdout, i), "[{\"name\":\"probabilities\"}]");
      assertThat(reply.json().get("model_name")).contains(new Json.Str("stories"));
      assertThat(reply.receipt().body().finish()).isEqualTo(Receipt.Finish.STOP);
      right += best(output(reply.json())) == holdout[i * (PIXELS + 1)] ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(18);
    assertThat(lease.guard.state().charged().requests()).isEqualTo(20);
    assertThat(lease.tally.counts().finished()).isEqualTo(20);
  }

  @Test
  void withoutAllowanceNothingRunsAndNothingIsCharged() throws Exception {
    Client.Reply reply = infer("0,".repeat(PIXELS - 1) + "0", "[]");

    assertThat(reply.ending()).isInstanceOf(Ending.Refused.class);
    assertThat(reply.error()).contains("\"code\":\"lease_exhausted\"");
    assertThat(service.engineRuns()).isZero();
    assertThat(lease.tally.counts().denied()).isEqualTo(1);
  }

  @Test
  void whatDoesNotFitTheModelIsRefused() throws Exception {
    lease.allow(lease.budget);
    assertThat(infer("1,2", "[]").error()).contains("inputs[0].data: expected 784 elements");
    assertThat(infer("0", "[{\"name\":\"nonsense\"}]").error()).contains("expected");
    assertThat(
            client
                .ask(
                    client.request(
                        Api.OIP_INFER,
                        Delivery.HELD,
                        "{\"inputs\":[{\"name\":\"y\",\"shape\":[1],\"datatype\":\"FP32\","
                            + "\"data\":[1]}]}"))
                .error())
        .contains("tensor x");
    assertThat(client.ask(client.request(Api.OPENAI_CHAT, Delivery.HELD, "{}")).error())
        .contains("oip.infer");
    assertThat(lease.guard.state().charged()).isEqualTo(Vec.ZERO);
  }

  private Client.Reply infer(String data, String outputs) throws Exception {
    return client.ask(
        client.request(
            Api.OIP_INFER,
            Delivery.HELD,
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,784],\"datatype\":\"FP32\",\"data\":["
                + data
                + "]}],\"outputs\":"
                + outputs
                + "}"));
  }

  private static String digit(byte[] holdout, int i) {
    StringBuilder data = new StringBuilder();
    for (int p = 0; p < PIXELS; p++) {
      float pixel = (holdout[i * (PIXELS + 1) + 1 + p] & 0xff) / 255f;
      data.append(p == 0 ? "" : ",").append(pixel);
    }
    return data.toString();
  }

  private static List<Json> output(Json.Obj answer) {
    Json.Arr outputs = (Json.Arr) answer.get("outputs").orElseThrow();
    Json.Obj output = (Json.Obj) outputs.items().getFirst();
    assertThat(output.write())
        .startsWith(
            "{\"name\":\"probabilities\",\"shape\":[1,10],\"datatype\":\"FP32\",\"data\":[");
    return ((Json.Arr) output.get("data").orElseThrow()).items();
  }

  private static int best(List<Json> scores) {
    int best = 0;
    for (int i = 1; i < scores.size(); i++) {
      double score = Members.numberOf(scores.get(i)).orElseThrow();
      best = score > Members.numberOf(scores.get(best)).orElseThrow() ? i : best;
    }
    return best;
  }
}
