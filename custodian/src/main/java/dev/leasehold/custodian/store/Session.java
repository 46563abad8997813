package dev.leasehold.custodian.store;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is made anew when it breaks. One thread uses it at a time. */
final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int ALIVE_SECONDS = 2;

  private final Supplier<Sql> opener;
  private @Nullable Sql sql;

  Session(Supplier<Sql> opener) {
    this.opener = opener;
  }

  /** Something done with a connection. */
  @FunctionalInterface
  interface Work<T, X extends Exception> {
    T on(Sql sql) throws X;
  }

  Sql sql() {
    if (sql == null) {
      sql = opener.get();
    }
    return sql;
  }

  /** Does what may be done twice: once more, if it failed because the connection was broken. */
  <T, X extends Exception> T run(Work<T, X> work) throws X {
    try {
      return work.on(sql());
    } catch (RuntimeException e) {
      if (!dropIfBroken()) {
        throw e;
      }
      return work.on(sql());
    }
  }

  /** Undoes what was begun, by ending the connection if it must. */
  void rollBack() {
    try {
      if (sql != null) {
        sql.rollBack();
      }
    } catch (Sql.Failed e) {
      if (!e.foundNothingToUndo()) {
        LOG.warn("rolled back by the end of its connection: {}", e.getMessage());
      }
      close();
    }
    dropIfBroken();
  }

  private boolean dropIfBroken() {
    boolean broken = sql != null && !isAlive(sql);
    if (broken) {
      close();
    }
    return broken;
  }

  private static boolean isAlive(Sql sql) {
    try {
      return sql.on(c -> c.isValid(ALIVE_SECONDS));
    } catch (Sql.Failed e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      if (sql != null) {
        sql.close();
      }
    } catch (RuntimeException e) {
      LOG.debug("a connection did not close well", e);
    } finally {
      sql = null;
    }
  }
}
