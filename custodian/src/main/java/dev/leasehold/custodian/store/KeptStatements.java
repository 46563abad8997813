package dev.leasehold.custodian.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Prepares each statement once a connection. Steps run the same few dozen statements again and
 * again, and SQLite takes longer to prepare one than to run it. Not safe for concurrent use, as its
 * connection is not.
 */
final class KeptStatements extends DefaultStatementBuilder {
  private final Map<String, PreparedStatement> idle = new HashMap<>();

  /** The text of each statement; the text that {@link #close} is told has other placeholders. */
  private final IdentityHashMap<Statement, String> texts = new IdentityHashMap<>();

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    if (kept != null) {
      return kept;
    }
    PreparedStatement made = super.create(connection, sql, context);
    texts.put(made, sql);
    return made;
  }

  @Override
  public void close(Connection connection, String sql, Statement statement) throws SQLException {
    String text = texts.get(statement);
    if (text != null && statement instanceof PreparedStatement prepared && !prepared.isClosed()) {
      prepared.clearParameters();
      // Of a statement that is open twice at a time, a query within a query, one is kept.
      if (idle.putIfAbsent(text, prepared) == null) {
        return;
      }
    }
    texts.remove(statement);
    super.close(connection, sql, statement);
  }

  @Override
  public void close(Connection connection) {
    idle.clear();
    texts.clear();
  }
}
