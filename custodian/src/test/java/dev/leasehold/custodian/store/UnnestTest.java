package dev.leasehold.custodian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.custodian.TestPostgres;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One statement for many rows does what it does for one after the other. */
class UnnestTest {
  private static final String CREATE =
      "CREATE TABLE t (k TEXT, n BIGINT, v TEXT, PRIMARY KEY (k, n))";
  private static final String INSERT = "INSERT INTO t (k, n, v) VALUES (?, ?, ?)";
  private static final String PUT = INSERT + " ON CONFLICT (k, n) DO UPDATE SET v = excluded.v";
  private static final String NAMELESS = "INSERT INTO t (k, v, n) VALUES (?, NULL, ?)";
  private static final String UPDATE = "UPDATE t SET v = ?, n = ? WHERE k = ? AND n = ?";

  @TempDir Path folder;

  private static Sql postgres() {
    return new Postgres(TestPostgres.shared().database()).openWriter();
  }

  private static Object[] row(Object... values) {
    return values;
  }

  /** What the table holds and how many rows were written, after each step. */
  private static List<Object> history(Sql sql) {
    sql.script(CREATE);
    List<Object> all = new ArrayList<>();
    record Step(String text, List<Object[]> rows) {}
    for (Step step :
        List.of(
            new Step(INSERT, List.of()),
            new Step(
                INSERT,
                List.of(
                    row("a", 1L, "one"),
                    row("a", 2L, Optional.empty()),
                    row("b", 1L, Optional.of("{\"quoted\\\\\",NULL,'x'}")),
                    row("c", 9_007_199_254_740_991L, ""))),
            new Step(PUT, List.of(row("a", 2L, "two"), row("d", 4L, "four"))),
            new Step(NAMELESS, List.of(row("e", 5L), row("e", 6L))),
            new Step(UPDATE, List.of(row("moved", 7L, "a", 1L), row("nobody", 8L, "a", 99L))),
            new Step(UPDATE, List.<Object[]>of(row(Optional.empty(), 3L, "b", 1L))))) {
      all.add(sql.updateAtOnce(step.text, step.rows));
      all.add(
          sql.list(
              "SELECT k, n, v FROM t ORDER BY k, n",
              r -> r.getString(1) + "/" + r.getLong(2) + "/" + r.getString(3)));
    }
    return all;
  }

  @Test
  void doesTheSameAsOneRowAfterTheOther() {
    Sqlite file = new Sqlite(folder.resolve("t.db"), InstantSource.system());
    try (Sql each = file.openWriter();
        Sql arrays = postgres()) {
      List<Object> history = history(arrays);
      assertThat(history).isEqualTo(history(each));
      assertThat(history.getLast())
          .isEqualTo(
              List.of(
                  "a/2/two",
                  "a/7/moved",
                  "b/3/null",
                  "c/9007199254740991/",
                  "d/4/four",
                  "e/5/null",
                  "e/6/null"));
    }
  }

  @Test
  void aRowThatIsRefusedRefusesAll() {
    try (Sql sql = postgres()) {
      sql.script(CREATE);
      List<Object[]> rows = List.of(row("a", 1L, "one"), row("b", 1L, "one"), row("a", 1L, "two"));
      assertThatThrownBy(() -> sql.updateAtOnce(INSERT, rows))
          .isInstanceOf(Sql.Failed.class)
          .hasMessageContaining("t_pkey");
      assertThat(sql.number("SELECT COUNT(*) FROM t")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DELETE FROM t WHERE n = ?", "UPDATE t SET n = ?", "INSERT INTO t DEFAULT VALUES"})
  void otherStatementsAreNotForManyRows(String text) {
    assertThatThrownBy(() -> Unnest.rewrite(text, List.of("int8")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not for many rows");
  }

  /** Else it might stay with what it chose for a few rows when there are very many. */
  @Test
  void aPlanMadeWhileTheTableWasSmallGoesByItsKey() {
    try (Sql sql = postgres()) {
      sql.script(CREATE);
      sql.script("INSERT INTO t SELECT 'k', n, 'v' FROM generate_series(100, 163) AS n; ANALYZE t");
      for (int i = 0; i < 10; i++) {
        assertThat(sql.updateAtOnce(UPDATE, List.<Object[]>of(row("v", 1L, "k", 1L)))).isZero();
      }
      String name =
          sql.text("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'UPDATE t %'")
              .orElseThrow();
      String plan =
          String.join(
              "\n",
              sql.list(
                  "EXPLAIN EXECUTE \"" + name + "\" (NULL, NULL, NULL, NULL)",
                  r -> r.getString(1)));
      assertThat(plan).containsPattern("Index Cond: .*many").doesNotContain("Seq Scan");
    }
  }
}
