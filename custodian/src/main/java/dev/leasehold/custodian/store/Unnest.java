package dev.leasehold.custodian.store;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement about one row of values, rewritten so that PostgreSQL runs it once for many: each
 * parameter is an array then. The server reads a table's CHECK constraints anew each time that a
 * statement writes it, and for the ledger's many this takes longer than to write the row.
 *
 * <p>Understood are {@code INSERT … VALUES (…)}, and {@code UPDATE} of rows that a unique key
 * names: with anything else the server might choose to compare all rows with all. No two rows may
 * write the same row of the table.
 */
final class Unnest {
  private static final Pattern VALUES = Pattern.compile("VALUES \\((.*?)\\)");
  private static final Pattern WHERE = Pattern.compile(" WHERE ");
  private static final Pattern PARAMETER = Pattern.compile("\\?");

  private final PreparedStatement statement;
  private final List<String> types;

  private Unnest(PreparedStatement statement, List<String> types) {
    this.statement = statement;
    this.types = types;
  }

  static Unnest prepare(Connection connection, String each) throws SQLException {
    List<String> types = types(connection, each);
    return new Unnest(connection.prepareStatement(rewrite(each, types)), types);
  }

  /** The number of rows written. */
  int update(List<Object[]> rows) throws SQLException {
    for (int i = 0; i < types.size(); i++) {
      int column = i;
      Stream<@Nullable Object> values = rows.stream().map(r -> orNull(r[column]));
      String type = types.get(i);
      // The driver sends arrays of these two classes as they are, and others as text to be parsed.
      Object[] array =
          type.equals("int8") ? values.toArray(Long[]::new) : values.toArray(String[]::new);
      statement.setArray(i + 1, statement.getConnection().createArrayOf(type, array));
    }
    return statement.executeUpdate();
  }

  private static @Nullable Object orNull(Object value) {
    return value instanceof Optional<?> o ? o.orElse(null) : value;
  }

  /** As the server infers them from the columns that the parameters meet. */
  private static List<String> types(Connection connection, String each) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(each)) {
      ParameterMetaData meta = s.getParameterMetaData();
      List<String> types = new ArrayList<>();
      for (int i = 1; i <= meta.getParameterCount(); i++) {
        types.add(meta.getParameterTypeName(i));
      }
      return types;
    }
  }

  static String rewrite(String each, List<String> types) {
    String arrays = list(types.stream().map(t -> "CAST(? AS " + t + "[])"));
    String names = list(IntStream.range(0, types.size()).mapToObj(Unnest::name));
    String rows = "unnest(" + arrays + ") AS many (" + names + ")";
    int[] next = {0};
    String named = PARAMETER.matcher(each).replaceAll(_ -> "many." + name(next[0]++));
    return switch (each.substring(0, each.indexOf(' '))) {
      case "INSERT" -> once(VALUES, named, m -> "SELECT " + m.group(1) + " FROM " + rows);
      case "UPDATE" -> once(WHERE, named, _ -> " FROM " + rows + " WHERE ");
      default -> throw new IllegalArgumentException("not for many rows: " + each);
    };
  }

  private static String once(Pattern where, String text, Function<Matcher, String> what) {
    Matcher found = where.matcher(text);
    if (!found.find()) {
      throw new IllegalArgumentException("not for many rows: " + text);
    }
    return text.substring(0, found.start()) + what.apply(found) + text.substring(found.end());
  }

  private static String name(int i) {
    return "p" + i;
  }

  private static String list(Stream<String> all) {
    return all.collect(Collectors.joining(", "));
  }
}
