package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.books.LogBook;
import dev.leasehold.borrower.journal.Entry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Looks each grant up in the custodian's log, and asks of each checkpoint whether it extends the
 * last (protocol §9.6(7), §10). It keeps the answers; the books judge them.
 */
public final class LogWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LogWatch.class.getName());
  private static final Duration ATTEMPT = Duration.ofSeconds(30);
  private static final int SERVER_ERROR = 500;

  private final CustodianClient custodian;
  private final Archive archive;
  private final InstantSource clock;
  private final Duration pause;
  private final Thread thread;

  /**
   * A watch that {@link #start} sets going.
   *
   * @param pause between two looks
   */
  public LogWatch(CustodianClient custodian, Archive archive, InstantSource clock, Duration pause) {
    this.custodian = custodian;
    this.archive = archive;
    this.clock = clock;
    this.pause = pause;
    this.thread = Thread.ofVirtual().name("log-watch").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        try {
          look();
        } catch (IOException e) {
          LOG.log(System.Logger.Level.DEBUG, "the log was not to be read; looking again", e);
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException, InterruptedException {
    link();
    for (LogBook.Awaited grant : archive.books().awaitedInLog()) {
      Answer answer = custodian.get("/log/proof?hash=" + grant.grant().hash(), Map.of(), ATTEMPT);
      if (answer.isSuccess() || clock.millis() > grant.due()) {
        archive.in(
            Entry.What.LOG_PROOF,
            Optional.of(grant.instance()),
            Optional.of(grant.grant().hash()),
            answer.status(),
            answer.body());
        link();
      }
    }
  }

  /** How the log's trees of two sizes hang together; consumers ask for it through the relay. */
  public Answer consistency(long from, long to) throws IOException, InterruptedException {
    return custodian.get("/log/proof?from=" + from + "&to=" + to, Map.of(), ATTEMPT);
  }

  private void link() throws IOException, InterruptedException {
    Optional<LogBook.Link> link = archive.books().unlinkedInLog();
    if (link.isEmpty()) {
      return;
    }
    Answer answer = consistency(link.get().older().size(), link.get().newer().size());
    if (answer.status() >= SERVER_ERROR) {
      throw new IOException("log proof: status " + answer.status());
    }
    archive.in(
        Entry.What.LOG_CONSISTENCY,
        Optional.empty(),
        Optional.empty(),
        answer.status(),
        answer.body());
  }
}
