package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.borrower.journal.JournalFailed;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Carries what enclaves sign: checks it, keeps it, sends it until it is answered, keeps the answer,
 * hands it back. A message is given up only when its enclave sends a newer one; a final never.
 */
public final class Carrier implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Carrier.class.getName());
  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  private final CustodianClient custodian;
  private final Archive archive;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Hash, CompletableFuture<Answer>> underWay = new ConcurrentHashMap<>();

  public Carrier(
      CustodianClient custodian, Archive archive, Backoff backoff, RandomGenerator random) {
    this.custodian = custodian;
    this.archive = archive;
    this.backoff = backoff;
    this.random = random;
  }

  /** Sends again what an earlier run of the relay kept but had no answer to. */
  public void resume() {
    for (Message m : archive.sessions().unanswered()) {
      // An enclave that still waits for its enrolment asks again; one that has gone must not.
      if (m.what() != Entry.What.EVIDENCE) {
        var _ = join(m);
      }
    }
  }

  /**
   * Carries one message and waits for the answer; an enclave that has waited long enough is told to
   * try again while the sending goes on.
   */
  public Answer carry(Entry.What what, Id instance, byte[] body) throws InterruptedException {
    try {
      Optional<Message> message = archive.admit(what, instance, body);
      if (message.isEmpty()) {
        return Answer.unsigned(
            400,
            "Not forwarded",
            "The relay forwards only canonical messages of an enclave it knows; the borrower's"
                + " console shows what was wrong with this one.");
      }
      Hash hash = message.get().hash();
      Optional<Answer> stored = archive.sessions().answer(instance, hash);
      return stored.isPresent() ? stored.get() : await(send(message.get()), backoff.patience());
    } catch (JournalFailed e) {
      LOG.log(System.Logger.Level.ERROR, "the journal cannot be written; nothing is forwarded", e);
      return Answer.unavailable("The relay cannot write its journal, and forwards nothing unkept.");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private CompletableFuture<Answer> send(Message message) throws JournalFailed {
    archive.outOnce(message);
    return join(message);
  }

  private CompletableFuture<Answer> join(Message message) {
    return underWay.computeIfAbsent(
        message.hash(),
        hash -> {
          CompletableFuture<Answer> answer = new CompletableFuture<>();
          threads.execute(() -> run(message, answer));
          return answer;
        });
  }

  private void run(Message message, CompletableFuture<Answer> result) {
    try {
      for (int failures = 0; archive.sessions().isUnanswered(message); failures++) {
        Optional<Answer> answer = attempt(message);
        if (answer.isPresent()) {
          keep(message, answer.get());
          result.complete(answer.get());
          return;
        }
        Thread.sleep(backoff.pause(failures, random));
      }
      result.complete(Answer.unavailable("A newer message of this enclave took its place."));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (JournalFailed e) {
      LOG.log(System.Logger.Level.ERROR, "the journal cannot be written; an answer is dropped", e);
      result.complete(Answer.unavailable("The relay cannot write its journal."));
    } finally {
      underWay.remove(message.hash());
      result.complete(Answer.unavailable("The relay is stopping."));
    }
  }

  private Optional<Answer> attempt(Message message) throws InterruptedException {
    Answer answer;
    try {
      answer =
          custodian.post(
              message.path(),
              archive.sessions().bearer(message.instance()),
              Answer.BUNDLE,
              message.body().toArray(),
              ATTEMPT);
    } catch (IOException e) {
      return Optional.empty();
    }
    if (message.isSettledBy(answer)) {
      return Optional.of(answer);
    }
    LOG.log(
        System.Logger.Level.INFO,
        "{0} of {1}: status {2} and nothing signed, or to be asked again; trying again",
        message.what(),
        message.instance(),
        answer.status());
    return Optional.empty();
  }

  private void keep(Message message, Answer answer) throws JournalFailed {
    archive.in(
        message.what(),
        Optional.of(message.instance()),
        Optional.of(message.hash()),
        answer.status(),
        answer.body());
  }

  private static Answer await(CompletableFuture<Answer> answer, Duration patience)
      throws InterruptedException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Answer.unavailable("No answer within " + patience + "; the relay keeps trying.");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
