package dev.leasehold.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns of fixed widths; what is longer goes on in the next line. */
final class TextTable {
  private static final String GAP = "  ";

  private final int[] widths;
  private final StringBuilder out = new StringBuilder();

  TextTable(int... widths) {
    this.widths = widths.clone();
  }

  void row(String... cells) {
    List<List<String>> columns = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      columns.add(wrap(Printable.safe(cells[i]), widths[i]));
    }
    int lines = columns.stream().mapToInt(List::size).max().orElse(0);
    for (int l = 0; l < lines; l++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String piece = l < columns.get(i).size() ? columns.get(i).get(l) : "";
        line.append(GAP).append(piece).repeat(' ', widths[i] - piece.length());
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }

  /** A line across the columns but the first, under the row before it. */
  void note(String text) {
    int width = Arrays.stream(widths).skip(1).sum() + GAP.length() * (widths.length - 2);
    for (String piece : wrap(Printable.safe(text), width)) {
      out.append(GAP).repeat(' ', widths[0]).append(GAP).append(piece).append('\n');
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }

  /** Breaks between words, and within a word that is longer than a line. */
  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text.strip();
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }
}
