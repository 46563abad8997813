package dev.leasehold.cli.demo;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.PinnedTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The story's own look at the custodian's books, to check claims against them. */
final class Operator {
  private static final long POLL_MILLIS = 50;

  private final HttpClient http;
  private final URI custodian;
  private final String token;

  Operator(URI custodian, Hash pin, String token) {
    this.custodian = custodian;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .sslContext(PinnedTls.context(pin))
            .sslParameters(PinnedTls.parameters())
            .build();
  }

  Json.Obj lease(Id id) throws IOException, InterruptedException, ClaimFailed {
    return get("/v1/leases/" + id);
  }

  Json.Obj incidents() throws IOException, InterruptedException, ClaimFailed {
    return get("/v1/incidents");
  }

  /** Polls the books of a lease until they say what is awaited. */
  Json.Obj await(Id id, String what, int seconds, Predicate<Json.Obj> wanted)
      throws IOException, InterruptedException, ClaimFailed {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Json.Obj view = lease(id);
    while (!wanted.test(view)) {
      if (System.nanoTime() - deadline > 0) {
        throw new ClaimFailed(
            "not within " + seconds + " s: " + what + "; the books say " + view.write());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      view = lease(id);
    }
    return view;
  }

  private Json.Obj get(String path) throws IOException, InterruptedException, ClaimFailed {
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(custodian.resolve(path))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return Views.parse(response.body());
  }
}
