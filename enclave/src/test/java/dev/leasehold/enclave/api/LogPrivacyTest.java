package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.enclave.model.LlmService;
import dev.leasehold.enclave.model.TestModels;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.llama.LlamaEngine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Whatever becomes of a prompt, nothing the enclave prints or logs at any level holds it. */
@Tag("CO-01")
@Isolated
class LogPrivacyTest {
  private static final String CANARY = "canary-7f3a9c";

  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final PrintStream tap = new PrintStream(seen, true, StandardCharsets.UTF_8);

  /** Writes everything of a record. */
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord r) {
          tap.println(r.getLoggerName() + " " + r.getMessage());
          tap.println(Arrays.toString(r.getParameters()));
          if (r.getThrown() != null) {
            r.getThrown().printStackTrace(tap);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @Test
  void noPromptIsEverPrintedOrLogged() throws Exception {
    PrintStream out = System.out;
    PrintStream err = System.err;
    Logger root = Logger.getLogger("");
    Level level = root.getLevel();
    System.setOut(tap);
    System.setErr(tap);
    root.addHandler(handler);
    root.setLevel(Level.ALL);
    try {
      serve();
    } finally {
      root.setLevel(level);
      root.removeHandler(handler);
      System.setOut(out);
      System.setErr(err);
    }
    assertThat(seen.toString(StandardCharsets.UTF_8))
        .as("the tap works: the HTTP server logs at the finest level")
        .contains("sun.net.httpserver")
        .contains("api-fault: java.lang.IllegalStateException")
        .doesNotContain(CANARY);
  }

  private static void serve() throws Exception {
    FakeLease lease = new FakeLease();
    lease.allow(lease.budget);
    try (LlmService service =
            LlmService.open(
                Natives.fromSystemProperty(),
                List.of(TestModels.stories()),
                new LlamaEngine.Options(1, 0, 1),
                lease.metering(),
                () -> 1);
        EnclaveApi api =
            EnclaveApi.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                lease,
                new Model.Llm(service),
                new SecureRandom());
        Client client = new Client(api.port(), lease)) {
      InferRequest good = ask(client, "\"max_tokens\":3");
      client.ask(good);
      assertThat(client.post(client.seal(good.encode()).request().encode()).statusCode())
          .isEqualTo(409);
      assertThat(client.ask(ask(client, "\"stop\":[\"\",\"" + CANARY + "\"]")).error())
          .contains("stop");
      assertThat(client.ask(ask(client, "\"max_tokens\":3}" + CANARY)).error()).isNotEmpty();
      assertThat(client.ask(("{" + CANARY).getBytes(StandardCharsets.UTF_8)).error()).isNotEmpty();
    }
    Faults.log(new IllegalStateException(CANARY));
  }

  private static InferRequest ask(Client client, String more) {
    return client.request(
        Api.OPENAI_COMPLETIONS,
        Delivery.HELD,
        "{\"model\":\"stories\",\"prompt\":\"" + CANARY + "\"," + more + "}");
  }
}
