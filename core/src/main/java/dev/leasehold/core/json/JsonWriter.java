package dev.leasehold.core.json;

import java.util.Locale;

/** Writes JSON without whitespace, escaping only what RFC 8259 §7 demands. */
final class JsonWriter {
  private JsonWriter() {}

  static void write(Json value, StringBuilder out) {
    switch (value) {
      case Json.Obj(var members) -> {
        out.append('{');
        String separator = "";
        for (var e : members.entrySet()) {
          out.append(separator);
          string(e.getKey(), out);
          out.append(':');
          write(e.getValue(), out);
          separator = ",";
        }
        out.append('}');
      }
      case Json.Arr(var items) -> {
        out.append('[');
        String separator = "";
        for (Json item : items) {
          out.append(separator);
          write(item, out);
          separator = ",";
        }
        out.append(']');
      }
      case Json.Str(String s) -> string(s, out);
      case Json.Int(long n) -> out.append(n);
      case Json.Real(double d) -> out.append(Double.isFinite(d) ? Double.toString(d) : "null");
      case Json.Bool(boolean b) -> out.append(b);
      case Json.Null n -> out.append("null");
    }
  }

  /** Most strings need no escape: what lies between two escapes is copied at once. */
  private static void string(String s, StringBuilder out) {
    out.append('"');
    int copied = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        out.append(s, copied, i).append(escape(c));
        copied = i + 1;
      }
    }
    out.append(s, copied, s.length()).append('"');
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", (int) c);
    };
  }
}
