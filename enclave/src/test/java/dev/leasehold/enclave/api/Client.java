package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.stream.Ending;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.core.stream.ResponseReader;
import dev.leasehold.core.stream.SealedRequest;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A consumer that verifies nothing but frames and the enclave's own signatures. */
public final class Client implements AutoCloseable {
  /**
   * An opened answer.
   *
   * @param lastTextNanos when its last text was here, or, without any, when reading began
   */
  public record Reply(
      SealedRequest request,
      String text,
      Ending ending,
      Signed<Receipt> receipt,
      long lastTextNanos) {
    Json.Obj json() throws Exception {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return ApiJson.parse("answer", bytes, bytes.length);
    }

    /** The data of the server-sent events. */
    List<String> events() {
      assertThat(text).endsWith("\n\n");
      return List.of(text.split("\n\n")).stream()
          .map(event -> {
            assertThat(event).startsWith("data: ");
            return event.substring("data: ".length());
          })
          .toList();
    }

    String error() {
      Bytes error =
          switch (ending) {
            case Ending.Refused(Bytes e) -> e;
            case Ending.Charged charged -> charged.error().orElse(Bytes.EMPTY);
          };
      return new String(error.toArray(), StandardCharsets.UTF_8);
    }
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final SecureRandom random = new SecureRandom();
  private final URI base;
  private final KeyRecord ik;
  private final int frameBytes;

  Client(int port, FakeLease lease) {
    this(port, lease.ik.key(), lease.frameBytes);
  }

  public Client(int port, KeyRecord ik, int frameBytes) {
    this.base = URI.create("http://127.0.0.1:" + port);
    this.ik = ik;
    this.frameBytes = frameBytes;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  Bundles.WellKnown wellKnown() throws Exception {
    HttpResponse<byte[]> response = get("/.well-known/leasehold");
    assertThat(response.statusCode()).isEqualTo(200);
    return Bundle.parse(Bundles.WellKnown.class, response.body(), 1 << 20);
  }

  Signed<KeyConfig> keyconfig() throws Exception {
    return Dsse.open(Statements.KEY_CONFIG, wellKnown().keyconfig(), ik);
  }

  HttpResponse<byte[]> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<InputStream> post(String path, BodyPublisher body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).POST(body).build();
    return http.send(request, BodyHandlers.ofInputStream());
  }

  /** The first line of the answer to a body that is announced and never sent. */
  String announce(String path, long bytes) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      String head =
          "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }

  HttpResponse<InputStream> post(byte[] sealed) throws Exception {
    return post("/v1/seal", BodyPublishers.ofByteArray(sealed));
  }

  public InferRequest request(Api api, Delivery delivery, String body) {
    return request(api, delivery, 0, body);
  }

  InferRequest request(Api api, Delivery delivery, long maxOutputTokens, String body) {
    byte[] nonce = new byte[Nonce.BYTES];
    random.nextBytes(nonce);
    return new InferRequest(
        1,
        Nonce.of(nonce),
        api,
        "stories",
        delivery,
        maxOutputTokens,
        0,
        "",
        Bytes.of(body.getBytes(StandardCharsets.UTF_8)));
  }

  SealedRequest.Sent seal(byte[] json) throws Exception {
    Signed<KeyConfig> config = keyconfig();
    HpkePublicKey ck = HpkePublicKey.parse("ck", config.body().ck());
    return SealedRequest.seal(config.hash(), ck, json, config.body().maxRequestBytes());
  }

  public Reply ask(InferRequest request) throws Exception {
    return ask(request.encode());
  }

  /**
   * Asks, and hears each piece of text as it comes; nothing where it is turned away at the door.
   */
  public Optional<Reply> ask(InferRequest request, Consumer<byte[]> heard) throws Exception {
    SealedRequest.Sent sent = seal(request.encode());
    HttpResponse<InputStream> response = post(sent.request().encode());
    return response.statusCode() == 503
        ? Optional.empty()
        : Optional.of(read(sent, response.body(), heard));
  }

  Reply ask(byte[] json) throws Exception {
    SealedRequest.Sent sent = seal(json);
    HttpResponse<InputStream> response = post(sent.request().encode());
    assertThat(response.statusCode()).isEqualTo(200);
    return read(sent, response.body());
  }

  Reply read(SealedRequest.Sent sent, InputStream body) throws Exception {
    return read(sent, body, text -> {});
  }

  private Reply read(SealedRequest.Sent sent, InputStream body, Consumer<byte[]> heard)
      throws Exception {
    ByteArrayOutputStream api = new ByteArrayOutputStream();
    AtomicLong lastText = new AtomicLong(System.nanoTime());
    Ending ending =
        new ResponseReader(sent.responseSecret(), sent.request().sealed().enc(), frameBytes)
            .read(
                body,
                text -> {
                  lastText.set(System.nanoTime());
                  api.writeBytes(text);
                  heard.accept(text);
                });
    Signed<Receipt> receipt =
        switch (ending) {
          case Ending.Refused refused -> null;
          case Ending.Charged c ->
              Dsse.open(Statements.RECEIPT, Envelope.parse("receipt", c.receipt().toArray()), ik);
        };
    return new Reply(
        sent.request(), api.toString(StandardCharsets.UTF_8), ending, receipt, lastText.get());
  }
}
