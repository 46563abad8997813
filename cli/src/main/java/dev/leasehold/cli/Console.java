package dev.leasehold.cli;

import java.io.PrintStream;
import java.util.Optional;

/** Where verbs print. Colours only where a person looks. */
public final class Console {
  private final PrintStream out;
  private final boolean colours;

  public Console(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /** Standard output, with colours on a terminal unless NO_COLOR is set. */
  public static Console standard() {
    return new Console(System.out, isSeen() && System.getenv("NO_COLOR") == null);
  }

  /** True when a person looks at a terminal. */
  static boolean isSeen() {
    return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
  }

  public void line(String text) {
    out.println(text);
    out.flush();
  }

  public void blank() {
    line("");
  }

  /** Text without a line end, as it comes. */
  public void piece(String text) {
    out.print(text);
    out.flush();
  }

  /** A name and its value, names aligned. */
  public void fact(String name, Object value) {
    line(String.format("  %-14s %s", name, value));
  }

  public String bold(String s) {
    return paint("1", s);
  }

  public String dim(String s) {
    return paint("2", s);
  }

  public String green(String s) {
    return paint("32", s);
  }

  public String red(String s) {
    return paint("1;31", s);
  }

  public String yellow(String s) {
    return paint("1;33", s);
  }

  private String paint(String code, String s) {
    return colours ? "\u001b[" + code + "m" + s + "\u001b[0m" : s;
  }
}
