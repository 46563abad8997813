package dev.leasehold.custodian.store;

import dev.leasehold.core.lease.Vec;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.SqlStatement;

/** A budget vector as four columns: {@code _rq}, {@code _in}, {@code _out}, {@code _mf}. */
final class Vecs {
  private Vecs() {}

  static Vec read(ResultSet row, String prefix) throws SQLException {
    return new Vec(
        row.getLong(prefix + "_rq"),
        row.getLong(prefix + "_in"),
        row.getLong(prefix + "_out"),
        row.getLong(prefix + "_mf"));
  }

  static <S extends SqlStatement<S>> S bind(S statement, String prefix, Vec v) {
    return statement
        .bind(prefix + "_rq", v.requests())
        .bind(prefix + "_in", v.inputTokens())
        .bind(prefix + "_out", v.outputTokens())
        .bind(prefix + "_mf", v.megaflops());
  }

  /** {@code a_rq = :a_rq, a_in = :a_in, …} */
  static String assignments(String... prefixes) {
    StringBuilder out = new StringBuilder();
    for (String p : prefixes) {
      for (String c : new String[] {"_rq", "_in", "_out", "_mf"}) {
        out.append(out.isEmpty() ? "" : ", ").append(p + c + " = :" + p + c);
      }
    }
    return out.toString();
  }

  /** {@code a_rq, a_in, …}, each name after {@code before}. */
  static String names(String before, String... prefixes) {
    StringBuilder out = new StringBuilder();
    for (String p : prefixes) {
      for (String c : new String[] {"_rq", "_in", "_out", "_mf"}) {
        out.append(out.isEmpty() ? "" : ", ").append(before + p + c);
      }
    }
    return out.toString();
  }
}
