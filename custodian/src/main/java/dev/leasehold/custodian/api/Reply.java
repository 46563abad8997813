package dev.leasehold.custodian.api;

import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * What is answered.
 *
 * @param maxAgeSeconds 0 for what no cache may keep
 */
public record Reply(int status, String contentType, String body, long maxAgeSeconds) {
  public static final String ENVELOPE = "application/vnd.leasehold.envelope+json";
  static final String BUNDLE = "application/vnd.leasehold.bundle+json";
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";

  Reply(int status, String contentType, String body) {
    this(status, contentType, body, 0);
  }

  /** The same, which caches may keep for a while. */
  Reply cached(long seconds) {
    return new Reply(status, contentType, body, seconds);
  }

  static Reply json(int status, Json body) {
    return new Reply(status, JSON, body.write());
  }

  static <B extends Record> Reply json(int status, Class<B> type, B body) {
    return new Reply(status, JSON, text(type, body));
  }

  static <B extends Record> Reply bundle(int status, Class<B> type, B body) {
    return new Reply(status, BUNDLE, text(type, body));
  }

  static Reply stored(int status, String bundle) {
    return new Reply(status, BUNDLE, bundle);
  }

  static Reply envelope(int status, Envelope envelope) {
    return new Reply(status, ENVELOPE, envelope.write());
  }

  static Reply text(String body) {
    return new Reply(200, "text/plain; charset=utf-8", body);
  }

  static Reply nothing() {
    return new Reply(204, "", "");
  }

  private static <B extends Record> String text(Class<B> type, B body) {
    return new String(Bundle.write(type, body), StandardCharsets.UTF_8);
  }
}
