package dev.leasehold.custodian.store;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is made anew when it breaks. One thread uses it at a time. */
final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int ALIVE_SECONDS = 2;

  private final Supplier<Handle> opener;
  private @Nullable Handle handle;

  Session(Supplier<Handle> opener) {
    this.opener = opener;
  }

  /** Something done with a connection. */
  @FunctionalInterface
  interface Work<T, X extends Exception> {
    T on(Handle handle) throws X;
  }

  Handle handle() {
    if (handle == null) {
      handle = opener.get();
      // Whoever closes a session in the middle of a transaction means to undo it.
      handle.getConfig(Handles.class).setForceEndTransactions(false);
    }
    return handle;
  }

  /** Does what may be done twice: once more, if it failed because the connection was broken. */
  <T, X extends Exception> T run(Work<T, X> work) throws X {
    try {
      return work.on(handle());
    } catch (RuntimeException e) {
      if (!dropIfBroken()) {
        throw e;
      }
      return work.on(handle());
    }
  }

  /** Undoes what was begun, by ending the connection if it must. */
  void rollBack() {
    try {
      if (handle != null && handle.isInTransaction()) {
        handle.rollback();
      }
    } catch (RuntimeException e) {
      LOG.warn("rolled back by the end of its connection: {}", e.getMessage());
      close();
    }
    dropIfBroken();
  }

  private boolean dropIfBroken() {
    boolean broken = handle != null && !isAlive(handle);
    if (broken) {
      close();
    }
    return broken;
  }

  private static boolean isAlive(Handle handle) {
    try {
      return handle.getConnection().isValid(ALIVE_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      if (handle != null) {
        handle.close();
      }
    } catch (RuntimeException e) {
      LOG.debug("a connection did not close well", e);
    } finally {
      handle = null;
    }
  }
}
