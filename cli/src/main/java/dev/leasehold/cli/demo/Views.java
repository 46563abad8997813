package dev.leasehold.cli.demo;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Picking values out of JSON the story looks at. */
final class Views {
  private static final int MAX = 16 << 20;

  private Views() {}

  static Json.Obj parse(byte[] json) throws ClaimFailed {
    try {
      return ApiJson.parse("view", json, MAX);
    } catch (Malformed m) {
      throw new ClaimFailed(m.toString());
    }
  }

  /** The payload of a signed statement in a file. */
  static Json.Obj payload(Path file) throws IOException, ClaimFailed {
    try {
      return parse(Envelope.parse("file", Files.readAllBytes(file)).payload().toArray());
    } catch (Malformed m) {
      throw new ClaimFailed(m.toString());
    }
  }

  /** The value at a path of member names. */
  static Json at(Json from, String... path) throws ClaimFailed {
    Json value = from;
    for (String name : path) {
      if (!(value instanceof Json.Obj o) || o.get(name).isEmpty()) {
        throw new ClaimFailed("no " + String.join(".", path) + " in " + from.write());
      }
      value = o.get(name).get();
    }
    return value;
  }

  static String text(Json from, String... path) throws ClaimFailed {
    if (at(from, path) instanceof Json.Str(String s)) {
      return s;
    }
    throw new ClaimFailed(String.join(".", path) + " is no text in " + from.write());
  }

  static long number(Json from, String... path) throws ClaimFailed {
    if (at(from, path) instanceof Json.Int(long n)) {
      return n;
    }
    throw new ClaimFailed(String.join(".", path) + " is no number in " + from.write());
  }
}
