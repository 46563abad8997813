package dev.leasehold.models;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A text as chapters of verses, without the references that number them. */
record Corpus(List<List<String>> chapters) {
  /** {@code Ge1:1 In the beginning ...}: book and chapter, verse, words. */
  private static final Pattern LINE = Pattern.compile("(\\d?[A-Za-z]+\\d+):\\d+ (.*)");

  /** One chapter in this many is never trained on, so that its loss measures what was learnt. */
  private static final int HELD_OUT_EVERY = 40;

  private static final IntPredicate HELD_OUT = chapter -> chapter % HELD_OUT_EVERY == 17;

  Corpus {
    chapters = chapters.stream().map(List::copyOf).toList();
  }

  /**
   * Reads the output of {@code bible -f}: one verse a line, each behind its reference.
   *
   * @throws IllegalArgumentException naming the first line that has no reference
   */
  static Corpus parse(List<String> lines) {
    List<List<String>> chapters = new ArrayList<>();
    String current = "";
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i));
      if (!line.matches()) {
        throw new IllegalArgumentException(
            "line %d: expected a reference such as Ge1:1 before the verse, found \"%s\"; write the text with bible -f"
                .formatted(i + 1, lines.get(i)));
      }
      if (!line.group(1).equals(current)) {
        current = line.group(1);
        chapters.add(new ArrayList<>());
      }
      chapters.getLast().add(line.group(2).strip().replaceAll(" +", " "));
    }
    return new Corpus(chapters);
  }

  Corpus training() {
    return select(HELD_OUT.negate());
  }

  Corpus heldOut() {
    return select(HELD_OUT);
  }

  Stream<String> verses() {
    return chapters.stream().flatMap(List::stream);
  }

  private Corpus select(IntPredicate wanted) {
    return new Corpus(
        IntStream.range(0, chapters.size()).filter(wanted).mapToObj(chapters::get).toList());
  }
}
