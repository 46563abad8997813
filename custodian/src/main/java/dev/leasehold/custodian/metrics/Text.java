package dev.leasehold.custodian.metrics;

/** Lines of the format. */
final class Text {
  private final StringBuilder out = new StringBuilder();

  void gauge(String name, String help) {
    family(name, help, "gauge");
  }

  void counter(String name, String help) {
    family(name, help, "counter");
  }

  void sample(String name, String labels, long value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(value).append('\n');
  }

  /** A label whose value may hold anything. */
  static String label(String name, String value) {
    return name
        + "=\""
        + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
        + "\"";
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void family(String name, String help, String type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
