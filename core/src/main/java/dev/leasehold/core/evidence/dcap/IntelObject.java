package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One object of Intel's signed JSON. Intel adds keys without raising a version ({@code category},
 * {@code type}, {@code advisoryIDs} came so) and what it adds is signed with the rest, so a key
 * that is not known here is passed over: refusing it would end verification everywhere on the day
 * of Intel's next addition. A known key that is absent or of another type, length or range is
 * refused; only what Intel itself calls optional may be absent, and its absence never improves a
 * verdict. A key twice is refused at any depth.
 *
 * @param path names the object in errors
 */
record IntelObject(String path, Json.Obj object) {
  static final int MAX_BYTES = 256 * 1024;
  static final int MAX_LEVELS = 100;

  private static final int MAX_TEXT = 100;
  private static final int MAX_ADVISORIES = 500;
  private static final Pattern UTC = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

  static IntelObject parse(String name, byte[] json) throws Malformed {
    return new IntelObject(name, ApiJson.parse(name, json, MAX_BYTES));
  }

  String at(String key) {
    return path + "." + key;
  }

  boolean has(String key) {
    return object.get(key).isPresent();
  }

  String text(String key) throws Malformed {
    return text(at(key), required(key, "a string"));
  }

  long integer(String key, long max) throws Malformed {
    String expected = "a whole number from 0 to " + max;
    if (required(key, expected) instanceof Json.Int(long n) && n >= 0 && n <= max) {
      return n;
    }
    throw new Malformed(at(key), expected, shown(key));
  }

  /** Exactly so many bytes; Intel writes either case. */
  HexBytes hex(String key, int bytes) throws Malformed {
    String hex = text(key).toLowerCase(Locale.ROOT);
    if (hex.length() != 2 * bytes) {
      throw new Malformed(at(key), bytes + " bytes in hex", hex.length() + " characters");
    }
    return HexBytes.of(Hex.decode(at(key), hex));
  }

  Instant instant(String key) throws Malformed {
    String text = text(key);
    try {
      if (UTC.matcher(text).matches()) {
        return Instant.parse(text);
      }
    } catch (DateTimeParseException e) {
      // as good as no match: a day that no month has
    }
    throw new Malformed(at(key), "a time like 2025-06-19T10:56:11Z", text);
  }

  IntelObject object(String key) throws Malformed {
    return asObject(at(key), required(key, "an object"));
  }

  /** At least one object. */
  List<IntelObject> objects(String key, int max) throws Malformed {
    List<Json> items = array(key, max);
    if (items.isEmpty()) {
      throw new Malformed(at(key), "at least one", "none");
    }
    List<IntelObject> out = new ArrayList<>();
    for (Json item : items) {
      out.add(asObject(at(key) + "[" + out.size() + "]", item));
    }
    return out;
  }

  IntelStatement.Header header(String id, int version) throws Malformed {
    return new IntelStatement.Header(
        id,
        version,
        instant("issueDate"),
        instant("nextUpdate"),
        integer("tcbEvaluationDataNumber", Integer.MAX_VALUE));
  }

  /** {@code advisoryIDs}; Intel leaves the key out where there are none. */
  List<String> advisories() throws Malformed {
    String key = "advisoryIDs";
    List<String> out = new ArrayList<>();
    if (has(key)) {
      for (Json item : array(key, MAX_ADVISORIES)) {
        out.add(text(at(key) + "[" + out.size() + "]", item));
      }
    }
    return out;
  }

  private List<Json> array(String key, int max) throws Malformed {
    if (required(key, "an array") instanceof Json.Arr(List<Json> items)) {
      if (items.size() > max) {
        throw new Malformed(at(key), "at most " + max + " items", items.size() + " items");
      }
      return items;
    }
    throw new Malformed(at(key), "an array", shown(key));
  }

  private Json required(String key, String expected) throws Malformed {
    return object.get(key).orElseThrow(() -> new Malformed(at(key), expected, "none"));
  }

  private String shown(String key) {
    return object.get(key).map(Json::write).orElse("none");
  }

  private static IntelObject asObject(String path, Json value) throws Malformed {
    if (value instanceof Json.Obj o) {
      return new IntelObject(path, o);
    }
    throw new Malformed(path, "an object", value.write());
  }

  private static String text(String path, Json value) throws Malformed {
    if (value instanceof Json.Str(String s) && s.length() <= MAX_TEXT) {
      return s;
    }
    throw new Malformed(path, "a string of at most " + MAX_TEXT + " characters", value.write());
  }
}
