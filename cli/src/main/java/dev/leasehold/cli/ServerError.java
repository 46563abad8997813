package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.StringJoiner;

/** An error body of the custodian in words: plain problem+json, or a signed problem. */
final class ServerError {
  private static final int MAX = 1 << 20;

  private ServerError() {}

  static String describe(byte[] body) {
    try {
      Json.Obj error = ApiJson.parse("error", body, MAX);
      if (error.get("payload").orElse(null) instanceof Json.Str(String payload)) {
        error = ApiJson.parse("problem", Base64.getDecoder().decode(payload), MAX);
      }
      StringJoiner text = new StringJoiner(": ");
      for (String field : new String[] {"title", "detail"}) {
        if (error.get(field).orElse(null) instanceof Json.Str(String s) && !s.isEmpty()) {
          text.add(s);
        }
      }
      return text.length() == 0 ? error.write() : text.toString();
    } catch (Malformed | IllegalArgumentException e) {
      return new String(body, StandardCharsets.UTF_8);
    }
  }
}
