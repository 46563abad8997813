package dev.leasehold.custodian.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
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

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    return kept == null ? super.create(connection, sql, context) : kept;
  }

  @Override
  public void close(Connection connection, String sql, Statement statement) throws SQLException {
    if (statement instanceof PreparedStatement prepared && !statement.isClosed()) {
      prepared.clearParameters();
      // One statement that is open twice at a time, a query within a query, is kept once.
      if (idle.putIfAbsent(sql, prepared) == null) {
        return;
      }
    }
    super.close(connection, sql, statement);
  }

  @Override
  public void close(Connection connection) {
    idle.clear();
  }
}
