package dev.leasehold.cli;

import dev.leasehold.core.json.Json;

/** JSON as people like to read and edit it: one member a line, short arrays and objects inline. */
final class PrettyJson {
  private static final int WIDTH = 100;

  private PrettyJson() {}

  static String write(Json value) {
    StringBuilder out = new StringBuilder();
    write(value, "", out);
    return out.append('\n').toString();
  }

  private static void write(Json value, String indent, StringBuilder out) {
    String compact = value.write();
    if (indent.length() + compact.length() <= WIDTH && !indent.isEmpty()) {
      out.append(compact);
      return;
    }
    String deeper = indent + "  ";
    switch (value) {
      case Json.Obj(var members) -> {
        out.append('{');
        String separator = "\n";
        for (var m : members.entrySet()) {
          out.append(separator).append(deeper);
          out.append(new Json.Str(m.getKey()).write()).append(": ");
          write(m.getValue(), deeper, out);
          separator = ",\n";
        }
        out.append('\n').append(indent).append('}');
      }
      case Json.Arr(var items) -> {
        out.append('[');
        String separator = "\n";
        for (Json item : items) {
          out.append(separator).append(deeper);
          write(item, deeper, out);
          separator = ",\n";
        }
        out.append('\n').append(indent).append(']');
      }
      default -> out.append(compact);
    }
  }
}
