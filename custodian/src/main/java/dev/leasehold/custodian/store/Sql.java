package dev.leasehold.custodian.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connection, and the statements prepared on it: steps run the same few dozen again and again,
 * and to prepare one takes longer than to run it. Parameters are {@code ?}, in order: a {@code
 * String}, a {@code Long}, a {@code String[]}, or an {@code Optional} of one for what may be NULL.
 * Not safe for concurrent use.
 */
final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Many many;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final Map<String, Unnest> unnested = new HashMap<>();

  /** How rows are best written together. */
  enum Many {
    /** One after the other. */
    EACH,
    /** As arrays, one a column. */
    ARRAYS
  }

  Sql(Connection connection, Many many) {
    this.connection = connection;
    this.many = many;
  }

  /** Reads the row at which a result stands. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Something done with the connection itself. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Why the database did not do what it was asked. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(SQLException cause) {
      super(cause.getMessage(), cause);
    }

    /**
     * On a full disk SQLite undoes a transaction by itself, which its driver does not ask about.
     */
    boolean foundNothingToUndo() {
      return String.valueOf(getMessage()).contains("cannot rollback - no transaction is active");
    }
  }

  <T> List<T> list(String text, Row<T> row, Object... values) {
    return on(c -> {
      try (ResultSet found = bound(text, values).executeQuery()) {
        List<T> all = new ArrayList<>();
        while (found.next()) {
          all.add(row.read(found));
        }
        return all;
      }
    });
  }

  /** The first row, if there is one. */
  <T> Optional<T> find(String text, Row<T> row, Object... values) {
    return on(c -> {
      try (ResultSet found = bound(text, values).executeQuery()) {
        return found.next() ? Optional.of(row.read(found)) : Optional.empty();
      }
    });
  }

  /** The one row of a query that always has one. */
  <T> T one(String text, Row<T> row, Object... values) {
    return find(text, row, values).orElseThrow(() -> new IllegalStateException("no row: " + text));
  }

  /** The first column of the first row. */
  Optional<String> text(String text, Object... values) {
    return find(text, r -> r.getString(1), values);
  }

  /** The first column of a query that always has one row. */
  long number(String text, Object... values) {
    return one(text, r -> r.getLong(1), values);
  }

  /** The number of rows written. */
  int update(String text, Object... values) {
    return on(c -> bound(text, values).executeUpdate());
  }

  /** One statement for each of these rows of values, sent together; the number of rows written. */
  int updateAll(String text, List<Object[]> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    return on(c -> {
      PreparedStatement s = prepared(text);
      s.clearBatch();
      for (Object[] values : rows) {
        bind(s, values);
        s.addBatch();
      }
      return Arrays.stream(s.executeBatch()).sum();
    });
  }

  /** The same, as a single statement where that is cheaper: {@link Unnest}. */
  int updateAtOnce(String text, List<Object[]> rows) {
    return switch (many) {
      case EACH -> updateAll(text, rows);
      case ARRAYS -> rows.isEmpty() ? 0 : on(c -> unnested(text).update(rows));
    };
  }

  private Unnest unnested(String text) throws SQLException {
    Unnest known = unnested.get(text);
    if (known == null) {
      known = Unnest.prepare(connection, text);
      unnested.put(text, known);
    }
    return known;
  }

  /** Statements without parameters and results, separated by semicolons. */
  void script(String text) {
    on(c -> {
      try (Statement s = c.createStatement()) {
        for (String statement : statements(text)) {
          s.execute(statement);
        }
        return s;
      }
    });
  }

  /** A comment may hold a semicolon. */
  private static List<String> statements(String script) {
    List<String> all = new ArrayList<>();
    for (String s : script.replaceAll("--[^\n]*", "").split(";", -1)) {
      if (!s.isBlank()) {
        all.add(s.strip());
      }
    }
    return all;
  }

  /** What follows is one transaction. */
  void begin() {
    on(c -> {
      c.setAutoCommit(false);
      return c;
    });
  }

  void commit() {
    on(c -> {
      c.commit();
      c.setAutoCommit(true);
      return c;
    });
  }

  /** Undoes what was begun, if anything was. */
  void rollBack() {
    on(c -> {
      if (!c.getAutoCommit()) {
        c.rollback();
        c.setAutoCommit(true);
      }
      return c;
    });
  }

  <T> T on(Work<T> work) {
    try {
      return work.on(connection);
    } catch (SQLException e) {
      throw new Failed(e);
    }
  }

  private PreparedStatement bound(String text, Object... values) throws SQLException {
    PreparedStatement s = prepared(text);
    bind(s, values);
    return s;
  }

  private PreparedStatement prepared(String text) throws SQLException {
    PreparedStatement known = prepared.get(text);
    if (known == null) {
      known = connection.prepareStatement(text);
      prepared.put(text, known);
    }
    return known;
  }

  private void bind(PreparedStatement s, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      bind(s, i + 1, values[i]);
    }
  }

  private void bind(PreparedStatement s, int at, Object value) throws SQLException {
    switch (value) {
      case String text -> s.setString(at, text);
      case Long n -> s.setLong(at, n);
      case String[] all -> s.setArray(at, connection.createArrayOf("text", all));
      case Optional<?> o when o.isEmpty() -> s.setNull(at, Types.NULL);
      case Optional<?> o -> bind(s, at, o.get());
      default -> throw new IllegalArgumentException("no parameter: " + value.getClass());
    }
  }

  /** Ends the connection under whatever waits for it; the one thing another thread may call. */
  void abort() {
    on(c -> {
      c.abort(Runnable::run);
      return c;
    });
  }

  @Override
  public void close() {
    on(c -> {
      c.close(); // and with it its statements
      return c;
    });
  }
}
