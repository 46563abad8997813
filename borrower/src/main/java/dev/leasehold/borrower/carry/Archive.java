package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.books.Alarm;
import dev.leasehold.borrower.books.Books;
import dev.leasehold.borrower.books.Outgoing;
import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.borrower.journal.Journal;
import dev.leasehold.borrower.journal.JournalFailed;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The journal and everything computed from it, always in step. */
public final class Archive implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Archive.class.getName());

  private final Books books;
  private final Sessions sessions = new Sessions();
  private final InstantSource clock;
  private final Journal journal;

  private Archive(Path file, Id leaseId, InstantSource clock) throws IOException, Malformed {
    this.books = new Books(leaseId);
    this.clock = clock;
    this.journal = Journal.open(file, this::restore);
  }

  public static Archive open(Path file, Id leaseId, InstantSource clock)
      throws IOException, Malformed {
    return new Archive(file, leaseId, clock);
  }

  public Books books() {
    return books;
  }

  public Sessions sessions() {
    return sessions;
  }

  /**
   * Checks what an enclave wants to send.
   *
   * @return what may be forwarded; empty for what may not, which is kept as held back
   */
  public Optional<Message> admit(Entry.What what, Id instance, byte[] body) throws JournalFailed {
    try {
      Hash hash = Outgoing.check(what, instance, body, books::keyOf, books.roster());
      return Optional.of(new Message(what, instance, hash, Bytes.of(body)));
    } catch (Malformed | BadSignature refused) {
      held(what, instance, Bytes.of(body));
      return Optional.empty();
    }
  }

  /** A message on its way out; on disk when this returns. */
  public void out(Entry.What what, Optional<Id> instance, Optional<Hash> request, Bytes body)
      throws JournalFailed {
    keep(Entry.Direction.OUT, what, instance, request, 0, body);
  }

  /** A message on its way out, unless it is there already and still waits for its answer. */
  public synchronized void outOnce(Message m) throws JournalFailed {
    if (!sessions.isUnanswered(m)) {
      out(m.what(), Optional.of(m.instance()), Optional.of(m.hash()), m.body());
    }
  }

  /** An answer; on disk when this returns. */
  public void in(
      Entry.What what, Optional<Id> instance, Optional<Hash> request, int status, Bytes body)
      throws JournalFailed {
    keep(Entry.Direction.IN, what, instance, request, status, body);
  }

  /** A message that goes nowhere, kept because it should not have been sent. */
  private void held(Entry.What what, Id instance, Bytes body) throws JournalFailed {
    keep(Entry.Direction.HELD, what, Optional.of(instance), Optional.empty(), 0, body);
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }

  /** One lock for disk and memory, so that the order on disk is the order in the books. */
  private synchronized void keep(
      Entry.Direction direction,
      Entry.What what,
      Optional<Id> instance,
      Optional<Hash> request,
      int status,
      Bytes body)
      throws JournalFailed {
    Entry entry = new Entry(clock.millis(), direction, what, instance, request, status, body);
    journal.append(entry);
    sessions.observe(entry);
    books.observe(entry).forEach(Archive::alarm);
  }

  private void restore(Entry entry) {
    sessions.observe(entry);
    books.observe(entry);
  }

  private static void alarm(Alarm a) {
    LOG.log(
        System.Logger.Level.WARNING,
        "ALARM {0} instance {1}: expected {2}, found {3}",
        a.what(),
        a.instance().map(Id::hex).orElse("-"),
        a.expected(),
        a.found());
  }
}
