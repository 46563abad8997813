package dev.leasehold.testkit.vendor;

import dev.leasehold.core.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** An answer that comes in full: status, headers and body. */
public record Answer(int status, Map<String, String> headers, Bytes content) {
  public Answer {
    headers = Map.copyOf(headers);
  }

  public byte[] body() {
    return content.toArray();
  }

  public static Answer of(byte[] body) {
    return new Answer(200, Map.of(), Bytes.of(body));
  }

  public static Answer status(int status) {
    return new Answer(status, Map.of(), Bytes.EMPTY);
  }

  /** A service that asks to be left alone. */
  public static Answer throttled(String retryAfter) {
    return status(429).with("Retry-After", retryAfter);
  }

  public static Answer redirect(String to) {
    return status(302).with("Location", to);
  }

  /** What a proxy serves that wants a log-in first. */
  public static Answer page() {
    return new Answer(
        200,
        Map.of("Content-Type", "text/html; charset=utf-8"),
        Bytes.of("<html>Log in</html>".getBytes(StandardCharsets.UTF_8)));
  }

  public Answer with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, content);
  }

  /** With one bit of the body the other way round. */
  public Answer flipped(int at) {
    byte[] other = body();
    other[at] ^= 1;
    return new Answer(status, headers, Bytes.of(other));
  }

  /** Cut off, and saying that this is all. */
  public Answer cut(int bytes) {
    return new Answer(status, headers, Bytes.of(Arrays.copyOf(body(), bytes)));
  }
}
