package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Statements;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The commands for one enclave: a single open request toward the custodian, any number of waiting
 * readers. This is the way the off-switch takes, so nothing here waits for anything but the disk.
 */
final class CommandFeed implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(25);
  private static final Duration ATTEMPT = WAIT.plusSeconds(10);

  private final Id instance;
  private final CustodianClient custodian;
  private final Archive archive;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final TreeMap<Long, Bundles.CommandItem> items = new TreeMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Thread thread;

  CommandFeed(
      Id instance,
      CustodianClient custodian,
      Archive archive,
      Backoff backoff,
      RandomGenerator random) {
    this.instance = instance;
    this.custodian = custodian;
    this.archive = archive;
    this.backoff = backoff;
    this.random = random;
    this.thread = Thread.ofVirtual().name("commands-" + instance).unstarted(this::run);
  }

  CommandFeed start() {
    thread.start();
    return this;
  }

  /** Commands with a cseq above {@code after}; waits for one at most this long. */
  List<Bundles.CommandItem> await(long after, Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lock();
    try {
      while (items.tailMap(after, false).isEmpty() && left > 0) {
        left = arrived.awaitNanos(left);
      }
      return List.copyOf(items.tailMap(after, false).values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    int failures = 0;
    while (!archive.books().isClosed(instance)) {
      try {
        failures = poll() ? 0 : failures + 1;
      } catch (IOException | Malformed e) {
        failures++;
      } catch (InterruptedException e) {
        return;
      }
      if (failures > 0 && !pause(failures - 1)) {
        return;
      }
    }
  }

  /** False when the answer told nothing new although it should have waited for news. */
  private boolean poll() throws IOException, InterruptedException, Malformed {
    Answer answer =
        custodian.get(
            "/v1/instances/"
                + instance
                + "/commands?after="
                + newest()
                + "&waitMs="
                + WAIT.toMillis(),
            archive.sessions().bearer(instance),
            ATTEMPT);
    if (answer.status() == 204) {
      return true;
    }
    if (!answer.isSuccess()) {
      throw new IOException("commands: status " + answer.status());
    }
    return take(answer);
  }

  private boolean take(Answer answer) throws IOException, Malformed {
    Bundles.CommandsReply reply =
        Bundle.parse(
            Bundles.CommandsReply.class, answer.body().toArray(), CustodianClient.MAX_REPLY);
    Map<Long, Bundles.CommandItem> fresh = new TreeMap<>();
    for (Bundles.CommandItem item : reply.commands()) {
      fresh.put(Statements.COMMAND.decode(item.command().payload().toArray()).cseq(), item);
    }
    if (isKnown(fresh)) {
      return false;
    }
    archive.in(
        Entry.What.COMMANDS,
        Optional.of(instance),
        Optional.empty(),
        answer.status(),
        answer.body());
    lock.lock();
    try {
      items.putAll(fresh);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    return true;
  }

  private boolean isKnown(Map<Long, Bundles.CommandItem> fresh) {
    lock.lock();
    try {
      return items.keySet().containsAll(fresh.keySet());
    } finally {
      lock.unlock();
    }
  }

  private long newest() {
    lock.lock();
    try {
      return items.isEmpty() ? 0 : items.lastKey();
    } finally {
      lock.unlock();
    }
  }

  private boolean pause(int failures) {
    try {
      TimeUnit.MILLISECONDS.sleep(backoff.pause(failures, random).toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
