package dev.leasehold.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads an array of JSON objects, each as its values' paths ({@code fields/pcr/0}) and texts. */
public final class FlatJson {
  private FlatJson() {}

  public static List<Map<String, String>> read(Path file) {
    List<Map<String, String>> out = new ArrayList<>();
    try (JsonParser p =
        new JsonFactory().createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
      p.nextToken();
      while (p.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten(p, "", flat);
        out.add(flat);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }

  /** Everything below {@code prefix}, by the rest of its path. */
  public static Map<String, String> under(Map<String, String> flat, String prefix) {
    Map<String, String> out = new LinkedHashMap<>();
    flat.forEach((k, v) -> {
      if (k.startsWith(prefix)) {
        out.put(k.substring(prefix.length()), v);
      }
    });
    return out;
  }

  /** Reads an object or array whose start token was just read. */
  private static void flatten(JsonParser p, String prefix, Map<String, String> out) {
    int index = 0;
    for (JsonToken t = p.nextToken(); !t.isStructEnd(); t = p.nextToken()) {
      String key;
      if (t == JsonToken.PROPERTY_NAME) {
        key = prefix + p.currentName();
        t = p.nextToken();
      } else {
        key = prefix + index++;
      }
      if (t.isStructStart()) {
        flatten(p, key + "/", out);
      } else {
        out.put(key, p.getString());
      }
    }
  }
}
