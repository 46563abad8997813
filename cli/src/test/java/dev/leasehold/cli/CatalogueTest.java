package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every row of the abuse catalogue that this release answers is a test, which carries the row as a
 * tag, as this one does; the few that are not are named in the status with their reason.
 */
@Tag("D31")
class CatalogueTest {
  private static final Pattern ROW = Pattern.compile("(?:AR|BH|TI|OS|CF|CO|PR)-\\d\\d|D\\d{1,2}");
  private static final Pattern TAG = Pattern.compile("(?m)^\\s*@Tag\\(\"(" + ROW + ")\"\\)");

  @Test
  void everyRowIsATestOrSaidNotToBe() throws Exception {
    Set<String> rows = rowsOfThisRelease();
    Set<String> tested = tagged();
    Set<String> untested = new TreeSet<>(rows);
    untested.removeAll(tested);
    assertThat(untested)
        .as("rows without a test are those that docs/status.md names, and no others")
        .isEqualTo(excused().keySet());
  }

  @Test
  void everyTagIsARow() throws Exception {
    Set<String> all = new TreeSet<>(catalogue().keySet());
    assertThat(all).contains("AR-01", "CO-08", "D31", "PR-02").hasSizeGreaterThan(100);
    assertThat(all).containsAll(tagged());
  }

  @Test
  void everyExcuseHasAReason() throws IOException {
    assertThat(excused()).allSatisfy((row, why) -> assertThat(why).as(row).hasSizeGreaterThan(20));
  }

  private static Set<String> rowsOfThisRelease() throws IOException {
    Set<String> rows = new TreeSet<>();
    catalogue()
        .forEach((row, cells) -> {
          if (phase(row, cells).contains("P1")) {
            rows.add(row);
          }
        });
    return rows;
  }

  /** The second cell, in the last table the last; the table of provenance is of the next phase. */
  private static String phase(String row, List<String> cells) {
    if (row.startsWith("PR")) {
      return "P2";
    }
    return row.startsWith("D") ? cells.getLast() : cells.get(1);
  }

  private static Map<String, List<String>> catalogue() throws IOException {
    return table(Repository.root().resolve("docs/spec/attacks.md"));
  }

  private static Map<String, String> excused() throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    table(Repository.root().resolve("docs/status.md"))
        .forEach((row, cells) -> reasons.put(row, cells.get(1)));
    return reasons;
  }

  /** The lines of tables that begin with a row's id, cell by cell. */
  private static Map<String, List<String>> table(Path document) throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (String line : Files.readAllLines(document)) {
      List<String> cells =
          Arrays.stream(line.split("(?<!\\\\)\\|")).map(String::strip).skip(1).toList();
      if (line.startsWith("|") && ROW.matcher(cells.getFirst()).matches()) {
        assertThat(found.put(cells.getFirst(), cells)).as("twice: %s", line).isNull();
      }
    }
    return found;
  }

  private static Set<String> tagged() throws IOException, InterruptedException {
    Set<String> tags = new TreeSet<>();
    for (Path file : Repository.files()) {
      if (file.toString().endsWith(".java") && file.toString().contains("/src/test/java/")) {
        TAG.matcher(Files.readString(file)).results().map(tag -> tag.group(1)).forEach(tags::add);
      }
    }
    return tags;
  }
}
