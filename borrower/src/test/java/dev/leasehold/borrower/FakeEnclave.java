package dev.leasehold.borrower;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Exchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/** Speaks to the inner listener as an enclave does. */
final class FakeEnclave {
  final Exchange exchange;
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  FakeEnclave(Exchange exchange, InetSocketAddress inner) {
    this.exchange = exchange;
    this.base = URI.create("http://127.0.0.1:" + inner.getPort());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> getBytes(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(base.resolve(path)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<String> post(String endpoint, byte[] body) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(
                base.resolve("/v1/instances/" + exchange.instanceId + "/" + endpoint))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Start and evidence: afterwards grant 0 is in force. */
  void enrol() throws IOException, InterruptedException {
    require(get("/v1/start"));
    require(post("evidence", evidence()));
  }

  byte[] evidence() {
    return Bundle.write(
        Bundles.EvidencePost.class,
        new Bundles.EvidencePost(
            exchange.evidence().envelope(), Tee.SEV_SNP, Bytes.EMPTY, List.of(), List.of()));
  }

  /** The first heartbeat, after grant 0. */
  Signed<Heartbeat> firstHeartbeat() {
    return exchange.heartbeat(
        1, exchange.evidence().hash(), exchange.sign(exchange.grantZero()).hash(), Vec.ZERO);
  }

  static byte[] post(Signed<Heartbeat> heartbeat, Signed<Grant> lastGrant) {
    return Bundle.write(
        Bundles.HeartbeatPost.class,
        new Bundles.HeartbeatPost(heartbeat.envelope(), lastGrant.envelope()));
  }

  byte[] firstPost() {
    return post(firstHeartbeat(), exchange.sign(exchange.grantZero()));
  }

  /** A final right after grant 0, with nothing used. */
  byte[] finalPost() {
    Signed<Grant> grantZero = exchange.sign(exchange.grantZero());
    Hash evidence = exchange.evidence().hash();
    Signed<Final> last = exchange.last(1, evidence, grantZero.hash(), Vec.ZERO);
    return Bundle.write(
        Bundles.FinalPost.class,
        new Bundles.FinalPost(
            last.envelope(), Optional.of(grantZero.envelope()), Optional.empty()));
  }

  private static void require(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
  }
}
