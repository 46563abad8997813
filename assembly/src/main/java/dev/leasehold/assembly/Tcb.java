package dev.leasehold.assembly;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** TCB.txt: the list of every file inside the enclave program directory. */
final class Tcb {
  private static final String HEADER =
      """
      # Every file of the enclave program directory (enclave/target/program). The build fails when the
      # directory differs from this list. After a wanted change: ./mvnw -DskipTests -Dtcb.update package
      #
      # kind    path in the program directory, SHA-256 there
      #         <- published file, SHA-256 as published
      #
      # Jars that carry native libraries are repacked without them; the libraries for linux-x86_64 are
      # under natives/. Files built here have no hash: two builds of one commit by one JDK give equal
      # bytes. The JVM and the system below it are measured with the machine image, not listed here.
      """;

  private Tcb() {}

  static String text(SortedSet<Part> parts) {
    return HEADER + parts.stream().map(Tcb::entry).collect(Collectors.joining());
  }

  private static String entry(Part part) {
    return switch (part.kind()) {
      case OWN -> "own     %s\n".formatted(part.path());
      case JAR, NATIVE ->
          "%-7s %s %s\n        <- %s\n"
              .formatted(
                  part.kind().name().toLowerCase(Locale.ROOT),
                  part.path(),
                  part.sha256(),
                  part.origin());
    };
  }

  /** Fails, naming each line that differs, unless the list is the one of these parts. */
  static void require(String list, SortedSet<Part> parts) {
    SortedSet<String> expected = lines(list);
    SortedSet<String> found = lines(text(parts));
    List<String> differences = new ArrayList<>();
    expected.stream()
        .filter(line -> !found.contains(line))
        .forEach(line -> differences.add("  expected  " + line));
    found.stream()
        .filter(line -> !expected.contains(line))
        .forEach(line -> differences.add("  found     " + line));
    if (!differences.isEmpty()) {
      throw new Refused(
          "the enclave program directory differs from enclave/TCB.txt:\n"
              + String.join("\n", differences)
              + "\n  remedy    if the change is wanted, run ./mvnw -DskipTests -Dtcb.update package and"
              + " commit enclave/TCB.txt");
    }
  }

  private static SortedSet<String> lines(String list) {
    SortedSet<String> entries = new TreeSet<>();
    for (String line : list.replaceAll("\\R\\s+<-", " <-").lines().toList()) {
      if (!line.startsWith("#") && !line.isBlank()) {
        entries.add(line.strip());
      }
    }
    return entries;
  }
}
