package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.time.Trouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other replicas announce. The server tells at once; once a second, and whenever the
 * connection had to be made anew, the leases themselves are read, so that nothing is missed for
 * longer.
 */
final class CommandChannel implements AutoCloseable {
  static final String NAME = "leasehold_command";
  private static final Logger LOG = LoggerFactory.getLogger(CommandChannel.class);
  private static final int LOOK_MS = 1_000;

  private final Supplier<Sql> opener;
  private final ObjLongConsumer<Id> heard;
  private final Trouble deaf = new Trouble(LOG, "listening to other replicas");
  private final Thread thread;
  private volatile @Nullable Sql waiting;
  private volatile boolean closed;

  private CommandChannel(Supplier<Sql> opener, ObjLongConsumer<Id> heard) {
    this.opener = opener;
    this.heard = heard;
    this.thread = Thread.ofPlatform().daemon().name("ledger-commands").unstarted(this::loop);
  }

  static CommandChannel open(Supplier<Sql> opener, ObjLongConsumer<Id> heard) {
    CommandChannel channel = new CommandChannel(opener, heard);
    channel.thread.start();
    return channel;
  }

  private void loop() {
    while (!closed) {
      try (Sql sql = opener.get()) {
        sql.update("LISTEN " + NAME);
        waiting = sql;
        while (!closed) {
          look(sql);
          deaf.over();
          hear(sql.on(c -> c.unwrap(PGConnection.class).getNotifications(LOOK_MS)));
        }
      } catch (RuntimeException e) {
        if (!closed) {
          deaf.failed(e);
          LockSupport.parkNanos(LOOK_MS * 1_000_000L);
        }
      }
    }
  }

  private void look(Sql sql) {
    sql.list(
        "SELECT lease_id, cseq FROM lease WHERE cseq > 0",
        r -> {
          heard.accept(new Id(r.getString("lease_id")), r.getLong("cseq"));
          return r;
        });
  }

  private void hear(PGNotification[] notifications) {
    for (PGNotification n : notifications) {
      String[] words = n.getParameter().split(" ", 2);
      heard.accept(new Id(words[0]), Long.parseLong(words[1]));
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    hangUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whoever waits for the server is not to wait any longer. */
  private void hangUp() {
    try {
      Sql sql = waiting;
      if (sql != null) {
        sql.abort();
      }
    } catch (Sql.Failed e) {
      LOG.debug("the connection that hears commands did not end well", e);
    }
  }
}
