package dev.leasehold.custodian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import dev.leasehold.custodian.Said;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
  @TempDir Path folder;

  @Test
  void whatAFullDiskHasUndoneIsNoNews() {
    Database database = new Sqlite(folder.resolve("db"), InstantSource.system());
    try (Session session = new Session(database::openWriter);
        Said said = new Said(Session.class)) {
      Sql sql = session.sql();
      sql.script("CREATE TABLE t (v BLOB)");
      sql.text("PRAGMA max_page_count = 8");
      sql.begin();
      sql.update("INSERT INTO t VALUES (?)", 1L);
      RuntimeException full =
          catchRuntimeException(() -> sql.update("INSERT INTO t VALUES (zeroblob(?))", 1_000_000L));
      assertThat(database.failure(full)).isEqualTo(Database.Failure.GONE);
      session.rollBack();
      assertThat(said.lines()).isEmpty();
      assertThat(session.sql().number("SELECT COUNT(*) FROM t")).isZero();
    }
  }
}
