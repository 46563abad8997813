package dev.leasehold.core.json;

import dev.leasehold.core.bytes.Malformed;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Turns bytes into {@link Json} under one of two rule sets: the protocol's, or RFC 8259's. */
final class JsonReader {
  private static final int API_DEPTH = 64;
  private static final int STRICT_DEPTH = 8;
  private static final JsonFactory STRICT = factory(STRICT_DEPTH);
  private static final JsonFactory API = factory(API_DEPTH);

  private final JsonParser in;
  private final boolean strict;

  private JsonReader(JsonParser in, boolean strict) {
    this.in = in;
    this.strict = strict;
  }

  static Json read(String what, byte[] bytes, int maxBytes, boolean strict) throws Malformed {
    if (bytes.length > maxBytes) {
      throw new Malformed(what, "at most " + maxBytes + " bytes", bytes.length + " bytes");
    }
    try (JsonParser parser = parser(decode(what, bytes), strict)) {
      JsonReader reader = new JsonReader(parser, strict);
      Json value = reader.value(what, parser.nextToken());
      if (parser.nextToken() != null) {
        throw new Malformed(what, "end of input after the value", "more");
      }
      return value;
    } catch (JacksonException e) {
      throw new Malformed(what, "well-formed JSON", e.getOriginalMessage());
    }
  }

  /** The bytes of one member of an object that {@link #read} has accepted. */
  static byte[] memberBytes(String what, byte[] bytes, String name) throws Malformed {
    String text = decode(what, bytes);
    try (JsonParser parser = parser(text, false)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = parser.currentName().equals(name);
        parser.nextToken();
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        if (wanted) {
          int end = (int) parser.currentLocation().getCharOffset();
          return text.substring(start, end).getBytes(StandardCharsets.UTF_8);
        }
      }
    } catch (JacksonException e) {
      throw new Malformed(what, "well-formed JSON", e.getOriginalMessage());
    }
    throw new Malformed(what + "." + name, "a value", "none");
  }

  private static JsonParser parser(String text, boolean strict) {
    return (strict ? STRICT : API).createParser(ObjectReadContext.empty(), text);
  }

  /** How long a string may be is limited by the size of its input, which is checked before. */
  private static JsonFactory factory(int depth) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(40)
                .build())
        .build();
  }

  /** Strict UTF-8. A byte order mark is no part of JSON (RFC 8259 §8.1). */
  private static String decode(String what, byte[] bytes) throws Malformed {
    try {
      CharBuffer chars =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes));
      if (!chars.isEmpty() && chars.charAt(0) == '\uFEFF') {
        throw new Malformed(what, "JSON", "a byte order mark");
      }
      return chars.toString();
    } catch (CharacterCodingException e) {
      throw new Malformed(what, "valid UTF-8", "an invalid sequence");
    }
  }

  private Json value(String path, JsonToken token) throws Malformed {
    if (token == null) {
      throw new Malformed(path, "a JSON value", "end of input");
    }
    return switch (token) {
      case START_OBJECT -> object(path);
      case START_ARRAY -> array(path);
      case VALUE_STRING -> new Json.Str(wellFormed(path, in.getString()));
      case VALUE_NUMBER_INT -> integer(path, in.getString());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NUMBER_FLOAT -> {
        refuseIfStrict(path, "a whole number", in.getString());
        yield real(path, in.getString());
      }
      case VALUE_NULL -> {
        refuseIfStrict(path, "a value", "null");
        yield Json.Null.NULL;
      }
      default -> throw new Malformed(path, "a JSON value", token.toString());
    };
  }

  private Json object(String path) throws Malformed {
    Map<String, Json> members = new LinkedHashMap<>();
    for (JsonToken t = in.nextToken(); t != JsonToken.END_OBJECT; t = in.nextToken()) {
      String name = wellFormed(path, in.currentName());
      members.put(name, value(path + "." + name, in.nextToken()));
    }
    return new Json.Obj(members);
  }

  private Json array(String path) throws Malformed {
    List<Json> items = new ArrayList<>();
    for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
      items.add(value(path + "[" + items.size() + "]", t));
    }
    return new Json.Arr(items);
  }

  private Json integer(String path, String digits) throws Malformed {
    if (strict) {
      if (digits.startsWith("-")) {
        throw new Malformed(path, "a whole number without sign", digits);
      }
      if (digits.length() > 16 || Long.parseLong(digits) > StrictJson.MAX_INTEGER) {
        throw new Malformed(path, "at most " + StrictJson.MAX_INTEGER, digits);
      }
    }
    try {
      return new Json.Int(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return real(path, digits); // beyond 64 bits
    }
  }

  /** What no double can hold would be an infinity, which is no JSON. */
  private static Json real(String path, String digits) throws Malformed {
    double value = Double.parseDouble(digits);
    if (!Double.isFinite(value)) {
      throw new Malformed(path, "a number up to " + Double.MAX_VALUE, digits);
    }
    return new Json.Real(value);
  }

  /** An escaped lone surrogate is a string no UTF-8 text can hold. */
  private static String wellFormed(String path, String s) throws Malformed {
    for (int i = 0; i < s.length(); i++) {
      if (Character.isSurrogate(s.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(s.codePointAt(i))) {
          throw new Malformed(path, "a string of Unicode characters", "a lone surrogate");
        }
        i++;
      }
    }
    return s;
  }

  private void refuseIfStrict(String path, String expected, String found) throws Malformed {
    if (strict) {
      throw new Malformed(path, expected, found);
    }
  }
}
