package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands reach whoever waits for them as soon as they are committed (protocol §6.4, §7.1). */
@ParameterizedClass
@MethodSource("dev.leasehold.custodian.Engine#nightlyBoth")
class CommandsTest {
  @Parameter Engine engine;
  @TempDir Path folder;
  private World world;
  private Enclave e;

  @BeforeEach
  void enrolled() throws Exception {
    world = new World(folder, engine).lend();
    e = world.enclave().enrolled();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aWaitingRequestIsAnsweredByTheNextCommandForThisInstance() throws Exception {
    assertThat(e.get("commands?after=0&waitMs=0").status()).isEqualTo(204);
    CompletableFuture<World.Answer> waiting =
        CompletableFuture.supplyAsync(() -> e.get("commands?after=0&waitMs=20000"));
    world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
    Bundles.CommandsReply reply = waiting.get(10, TimeUnit.SECONDS).as(Bundles.CommandsReply.class);
    assertThat(reply.commands()).hasSize(1);
    Command c = e.own(Statements.COMMAND, reply.commands().getFirst().command()).body();
    assertThat(c.type()).isEqualTo(Command.Type.SUSPEND);
    Envelope order = reply.commands().getFirst().order().orElseThrow();
    assertThat(c.order()).contains(order.hash());
    assertThat(e.get("commands?after=1&waitMs=0").status()).isEqualTo(204);
    assertThat(e.get("commands?after=x").status()).isEqualTo(400);
    assertThat(world.get("/v1/instances/" + e.id + "/commands").status()).isEqualTo(401);
  }

  @Test
  void aStreamDeliversEachCommandWithItsNumberAndEndsWithTheServer() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(world.uri().resolve("/v1/instances/" + e.id + "/commands?after=0"))
            .header("Authorization", "Bearer " + e.token)
            .header("Accept", "text/event-stream")
            .build();
    var response = world.http().send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = Thread.ofVirtual().start(() -> read(response, lines));
    assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo(": open");
    world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
    world.revoke();
    assertThat(next(lines, "id:")).isEqualTo("id: 1");
    assertThat(next(lines, "data:")).contains("\"order\":{\"payloadType\"");
    assertThat(next(lines, "id:")).isEqualTo("id: 2");
    reader.interrupt();
  }

  @Test
  void staplesAreForLiveEnclavesOfLiveLeases() {
    World.Answer staple = world.get("/v1/instances/" + e.id + "/staple");
    assertThat(staple.status()).isEqualTo(200);
    assertThat(staple.header("Cache-Control")).isEqualTo("max-age=15");
    world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
    assertThat(world.get("/v1/instances/" + e.id + "/staple").status()).isEqualTo(423);
    assertThat(world.get("/v1/instances/" + Owner.id() + "/staple").status()).isEqualTo(404);
  }

  private static void read(HttpResponse<InputStream> response, BlockingQueue<String> lines) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException end) {
      lines.add("end");
    }
  }

  private static String next(BlockingQueue<String> lines, String prefix)
      throws InterruptedException {
    while (true) {
      String line = lines.poll(10, TimeUnit.SECONDS);
      assertThat(line).as("a line that starts with " + prefix).isNotNull();
      if (line.startsWith(prefix)) {
        return line;
      }
    }
  }
}
