package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * What is answered.
 *
 * @param caching who may keep it, and how long
 */
public record Reply(int status, String contentType, Bytes content, String caching) {
  public static final String ENVELOPE = "application/vnd.leasehold.envelope+json";
  static final String BUNDLE = "application/vnd.leasehold.bundle+json";
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";
  private static final String NOBODY = "no-store";
  private static final String EVERYBODY_FOR_EVER = "public, max-age=31536000, immutable";

  Reply(int status, String contentType, String body) {
    this(status, contentType, Bytes.of(body.getBytes(StandardCharsets.UTF_8)), NOBODY);
  }

  /** The content as text. */
  public String body() {
    return new String(content.toArray(), StandardCharsets.UTF_8);
  }

  /** The same, which caches may keep for a while. */
  Reply cached(long seconds) {
    return new Reply(status, contentType, content, seconds > 0 ? "max-age=" + seconds : NOBODY);
  }

  /** Bytes that will never be others under this address. */
  static Reply fixed(Bytes content) {
    return new Reply(200, "application/octet-stream", content, EVERYBODY_FOR_EVER);
  }

  static Reply json(int status, Json body) {
    return new Reply(status, JSON, body.write());
  }

  static <B extends Record> Reply json(int status, Class<B> type, B body) {
    return new Reply(status, JSON, Bundle.text(type, body));
  }

  static <B extends Record> Reply bundle(int status, Class<B> type, B body) {
    return new Reply(status, BUNDLE, Bundle.text(type, body));
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
}
