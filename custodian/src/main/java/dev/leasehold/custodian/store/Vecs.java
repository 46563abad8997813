package dev.leasehold.custodian.store;

import dev.leasehold.core.lease.Vec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A budget vector as four columns: {@code _rq}, {@code _in}, {@code _out}, {@code _mf}. */
final class Vecs {
  private static final List<String> SUFFIXES = List.of("_rq", "_in", "_out", "_mf");

  private Vecs() {}

  static List<String> columns(String prefix) {
    return SUFFIXES.stream().map(s -> prefix + s).toList();
  }

  static List<Long> values(Vec v) {
    return List.of(v.requests(), v.inputTokens(), v.outputTokens(), v.megaflops());
  }

  static Vec read(ResultSet row, String prefix) throws SQLException {
    return new Vec(
        row.getLong(prefix + "_rq"),
        row.getLong(prefix + "_in"),
        row.getLong(prefix + "_out"),
        row.getLong(prefix + "_mf"));
  }
}
