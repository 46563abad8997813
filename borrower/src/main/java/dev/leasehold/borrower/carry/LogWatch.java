package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.books.LogBook;
import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Hash;
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

  private final Source log;
  private final Archive archive;
  private final InstantSource clock;
  private final Duration pause;
  private final Thread thread;

  /** Where the log is asked; proofs as {@code /log/proof} gives them. */
  public interface Source {
    Answer inclusion(Hash statement) throws IOException, InterruptedException;

    Answer consistency(long from, long to) throws IOException, InterruptedException;
  }

  private record OverHttp(CustodianClient custodian) implements Source {
    @Override
    public Answer inclusion(Hash statement) throws IOException, InterruptedException {
      return custodian.get("/log/proof?hash=" + statement, Map.of(), ATTEMPT);
    }

    @Override
    public Answer consistency(long from, long to) throws IOException, InterruptedException {
      return custodian.get("/log/proof?from=" + from + "&to=" + to, Map.of(), ATTEMPT);
    }
  }

  /**
   * A watch that {@link #start} sets going.
   *
   * @param pause between two looks
   */
  public LogWatch(CustodianClient custodian, Archive archive, InstantSource clock, Duration pause) {
    this(new OverHttp(custodian), archive, clock, pause);
  }

  /** One that asks elsewhere. */
  public LogWatch(Source log, Archive archive, InstantSource clock, Duration pause) {
    this.log = log;
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

  /** One look; what the log does not answer is asked again by the next. */
  public void look() throws IOException, InterruptedException {
    link();
    for (LogBook.Awaited grant : archive.books().awaitedInLog()) {
      Answer answer = log.inclusion(grant.grant().hash());
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
    return log.consistency(from, to);
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
