package dev.leasehold.consumer.http;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.consumer.ask.ClientGone;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.stream.ResponseReader.ApiSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Passes the enclave's server-sent events on as they come, whole event by whole event, but holds
 * {@code [DONE]} back until the receipt is verified: a client that sees it has a proven answer. The
 * response begins with the first event, so what fails before it is an ordinary HTTP error.
 */
final class SseStream implements ApiSink {
  private static final int MAX_EVENT_BYTES = 1 << 20;
  private static final String DONE = "data: [DONE]\n\n";

  private final HttpExchange exchange;
  private byte[] partial = {};
  private boolean begun;
  private boolean done;

  SseStream(HttpExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void accept(byte[] bytes) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(partial.length + bytes.length);
    all.writeBytes(partial);
    all.writeBytes(bytes);
    byte[] text = all.toByteArray();
    int from = 0;
    for (int end = eventEnd(text, from); end > 0; end = eventEnd(text, from)) {
      event(Arrays.copyOfRange(text, from, end));
      from = end;
    }
    partial = Arrays.copyOfRange(text, from, text.length);
    if (partial.length > MAX_EVENT_BYTES) {
      throw new IOException("an event of more than " + MAX_EVENT_BYTES + " bytes");
    }
  }

  /** True once a byte of the response may have left. */
  boolean hasBegun() {
    return begun;
  }

  /** The enclave ended its stream as it should: {@code [DONE]} came last. */
  boolean isDone() {
    return done && partial.length == 0;
  }

  /** Ends a proven answer. A comment names the receipt; clients skip comments. */
  void complete(Hash receipt) throws ClientGone {
    write(": leasehold-receipt " + receipt + "\n\n" + DONE);
    end();
  }

  /** Ends without {@code [DONE]}: what came so far is not an answer. */
  void fail(ApiError error) throws ClientGone {
    write("data: " + new String(error.json(), StandardCharsets.UTF_8) + "\n\n");
    end();
  }

  private void event(byte[] event) throws IOException {
    if (done) {
      throw new IOException("an event after [DONE]");
    }
    if (new String(event, StandardCharsets.UTF_8).equals(DONE)) {
      done = true;
    } else {
      write(event);
    }
  }

  private void write(String text) throws ClientGone {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] bytes) throws ClientGone {
    try {
      begin();
      OutputStream out = exchange.getResponseBody();
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  private void begin() throws IOException {
    if (!begun) {
      begun = true;
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
    }
  }

  private void end() throws ClientGone {
    try {
      exchange.getResponseBody().close();
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  /** The index after the first blank line, or 0. */
  private static int eventEnd(byte[] text, int from) {
    for (int i = from + 1; i < text.length; i++) {
      if (text[i] == '\n' && text[i - 1] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }
}
