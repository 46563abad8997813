package dev.leasehold.cli.demo;

import dev.leasehold.cli.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells the story: chapters, the commands a person would type, and claims that are checked. */
final class Narrator {
  private static final int WIDTH = 96;

  private final Console console;
  private final Path home;
  private final long startedNanos = System.nanoTime();
  private final Map<String, String> exported = new HashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private int chapter;
  private int claims;

  Narrator(Console console, Path home) {
    this.console = console;
    this.home = home;
  }

  Console console() {
    return console;
  }

  void chapter(String title) {
    chapter++;
    console.blank();
    console.line(
        console.bold(chapter + ". " + title)
            + console.dim(String.format("   [%.0f s]", seconds())));
  }

  void say(String text) {
    for (String line : wrap(text)) {
      console.line("   " + line);
    }
  }

  /** Puts a value into the environment, so that commands need not repeat it. */
  void export(String name, String option, String value) {
    exported.put(option, value);
    console.line("   " + console.dim("$ export " + name + "=" + value));
  }

  /** A value that people would rather read from the file it is in. */
  void inFile(String value, String file) {
    files.put(value, "$(cat " + file + ")");
  }

  /** A command as a person would type it in the demo's folder. */
  void command(List<String> args) {
    StringBuilder line = new StringBuilder("leasehold");
    int column = line.length() + 5;
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (i + 1 < args.size() && args.get(i + 1).equals(exported.get(arg))) {
        i++;
        continue;
      }
      String shown = quoted(relative(arg));
      if (column + shown.length() > WIDTH && arg.startsWith("--")) {
        line.append(" \\\n       ");
        column = 7;
      }
      line.append(' ').append(shown);
      column += 1 + shown.length();
    }
    console.line("   " + console.dim("$ " + line));
  }

  /** What a verb printed: its facts, not the documents it showed for approval. */
  void output(String text) {
    text.lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> console.line("   " + console.dim(relative(line))));
  }

  void fact(String name, Object value) {
    console.line(String.format("     %-16s %s", name, relative(String.valueOf(value))));
  }

  /** A claim that was checked and held; one that did not ends the story. */
  void claim(String text, boolean holds) throws ClaimFailed {
    claims++;
    if (!holds) {
      console.line("   " + console.red("✘ " + text));
      throw new ClaimFailed(text);
    }
    console.line("   " + console.green("✔") + " " + text);
  }

  int claims() {
    return claims;
  }

  double seconds() {
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  private String quoted(String arg) {
    for (var file : files.entrySet()) {
      arg = arg.replace(file.getKey(), file.getValue());
    }
    return arg.indexOf(' ') >= 0 && !arg.contains("$(") ? "'" + arg + "'" : arg;
  }

  private String relative(String text) {
    String shown = text.replace(home + "/", "");
    return shown.equals(home.toString()) ? "." : shown;
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() + 1 > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
