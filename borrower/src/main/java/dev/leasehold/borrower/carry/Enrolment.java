package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.borrower.journal.JournalFailed;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.dsse.Signer;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Asks the custodian for a challenge in the borrower's name and hands the enclave all it needs to
 * answer it (protocol §6.2, §7.1).
 */
public final class Enrolment {
  private static final System.Logger LOG = System.getLogger(Enrolment.class.getName());
  private static final Duration ATTEMPT = Duration.ofSeconds(30);
  private static final int MAX_BUNDLE = 262_144;

  private final CustodianClient custodian;
  private final Archive archive;
  private final Backoff backoff;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Signer borrowerKey;
  private final Terms terms;
  private Hash lastBundle = Digests.EMPTY_SHA256;

  public Enrolment(
      CustodianClient custodian,
      Archive archive,
      Backoff backoff,
      InstantSource clock,
      RandomGenerator random,
      Signer borrowerKey,
      Terms terms) {
    this.custodian = custodian;
    this.archive = archive;
    this.backoff = backoff;
    this.clock = clock;
    this.random = random;
    this.borrowerKey = borrowerKey;
    this.terms = terms;
  }

  /**
   * What the relay was set up for.
   *
   * @param modelPackage H of the package on disk, which must be the one that is leased
   */
  public record Terms(Id leaseId, Tee tee, Hash modelPackage) {}

  /**
   * A new instance.
   *
   * @param idempotencyKey of the enclave's own request, so that a repeated one names no second
   *     instance; a fresh one otherwise
   */
  public Answer start(Optional<Id> idempotencyKey) throws InterruptedException {
    Signed<Hello> hello = hello();
    Id key = idempotencyKey.orElseGet(() -> firstHalf(hello.hash()));
    Map<String, String> headers = Map.of("Idempotency-Key", key.hex());
    return enrol(new Ask(Entry.What.HELLO, Optional.empty(), "/v1/instances", headers, hello));
  }

  /** A new challenge for an instance that lives already (protocol §6.2, re-attestation). */
  public Answer challengeAgain(Id instance) throws InterruptedException {
    Signed<Hello> hello = hello();
    Map<String, String> headers = new HashMap<>(archive.sessions().bearer(instance));
    headers.put("Idempotency-Key", firstHalf(hello.hash()).hex());
    String path = "/v1/instances/" + instance + "/challenge";
    return enrol(new Ask(Entry.What.CHALLENGE, Optional.of(instance), path, headers, hello));
  }

  /** Roster, measurements, borrower, lease and package as the custodian has them now. */
  public Bundles.LeaseBundle bundle() throws IOException, InterruptedException, Malformed {
    Answer answer = custodian.get("/v1/leases/" + terms.leaseId() + "/bundle", Map.of(), ATTEMPT);
    if (!answer.isSuccess()) {
      throw new IOException("the lease bundle was answered with status " + answer.status());
    }
    Bundles.LeaseBundle bundle =
        Bundle.parse(Bundles.LeaseBundle.class, answer.body().toArray(), MAX_BUNDLE);
    Hash leased = bundle.modelPackage().hash();
    if (!leased.equals(terms.modelPackage())) {
      throw new Malformed(
          "package.json",
          "the package " + leased + " of the lease (copy its folder here)",
          terms.modelPackage().hex());
    }
    keepOnce(answer);
    return bundle;
  }

  /**
   * Keeps the lease as it is now: a grant that answers evidence may stand on a version that is
   * newer than its challenge. Without an answer a heartbeat brings it.
   */
  public void keepTerms() throws InterruptedException {
    try {
      bundle();
    } catch (IOException | Malformed e) {
      LOG.log(System.Logger.Level.DEBUG, "the lease of a new grant was not to be had", e);
    }
  }

  private record Ask(
      Entry.What what,
      Optional<Id> instance,
      String path,
      Map<String, String> headers,
      Signed<Hello> hello) {
    Bytes body() {
      return Answer.utf8(hello.envelope().write());
    }
  }

  private Answer enrol(Ask ask) throws InterruptedException {
    long deadline = clock.millis() + backoff.patience().toMillis();
    try {
      archive.out(ask.what, ask.instance, Optional.of(ask.hello.hash()), ask.body());
      for (int failures = 0; ; failures++) {
        Attempt attempt = attempt(ask);
        if (attempt.answer.isPresent()) {
          return attempt.answer.get();
        }
        Duration pause = backoff.pause(failures, random);
        if (clock.millis() + pause.toMillis() >= deadline) {
          return Answer.unavailable("The custodian's last answer to enrolment: " + attempt.why);
        }
        LOG.log(System.Logger.Level.INFO, "enrolment: {0}; trying again", attempt.why);
        Thread.sleep(pause);
      }
    } catch (JournalFailed e) {
      LOG.log(System.Logger.Level.ERROR, "the journal cannot be written; nothing is forwarded", e);
      return Answer.unavailable("The relay cannot write its journal.");
    }
  }

  /** An answer to pass on, or why there is none yet. */
  private record Attempt(Optional<Answer> answer, String why) {
    static Attempt done(Answer answer) {
      return new Attempt(Optional.of(answer), "");
    }

    static Attempt failed(String why) {
      return new Attempt(Optional.empty(), why);
    }
  }

  private Attempt attempt(Ask ask) throws JournalFailed, InterruptedException {
    try {
      Answer answer =
          custodian.post(ask.path, ask.headers, Answer.ENVELOPE, ask.body().toArray(), ATTEMPT);
      Optional<Problem> refusal = answer.problem();
      if (refusal.isPresent()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the custodian refused an enrolment: {0} {1}",
            refusal.get().name(),
            refusal.get().detail());
        Hash hello = ask.hello.hash();
        archive.in(ask.what, ask.instance, Optional.of(hello), answer.status(), answer.body());
        return Attempt.done(answer);
      }
      if (!answer.isSuccess()) {
        return Attempt.failed("status " + answer.status());
      }
      return Attempt.done(handOver(ask, answer, bundle()));
    } catch (JournalFailed e) {
      throw e;
    } catch (IOException | Malformed e) {
      return Attempt.failed(String.valueOf(e.getMessage()));
    }
  }

  private Answer handOver(Ask ask, Answer answer, Bundles.LeaseBundle b)
      throws JournalFailed, Malformed {
    Envelope challenge = challenge(answer);
    Id instance = Statements.CHALLENGE.decode(challenge.payload().toArray()).instanceId();
    archive.in(
        ask.what,
        Optional.of(instance),
        Optional.of(ask.hello.hash()),
        answer.status(),
        answer.body());
    Bundles.Start start =
        new Bundles.Start(
            challenge, b.roster(), b.measurements(), b.borrower(), b.lease(), b.modelPackage());
    return new Answer(200, Answer.BUNDLE, Bytes.of(Bundle.write(Bundles.Start.class, start)));
  }

  private static Envelope challenge(Answer answer) throws Malformed {
    return Bundle.parse(Bundles.Enrolled.class, answer.body().toArray(), Bundles.MAX_BYTES)
        .challenge();
  }

  private synchronized void keepOnce(Answer bundle) throws JournalFailed {
    Hash hash = Digests.sha256(bundle.body().toArray());
    if (!hash.equals(lastBundle)) {
      archive.in(
          Entry.What.BUNDLE, Optional.empty(), Optional.empty(), bundle.status(), bundle.body());
      lastBundle = hash;
    }
  }

  private Signed<Hello> hello() {
    byte[] nonce = new byte[Nonce.BYTES];
    random.nextBytes(nonce);
    return Dsse.sign(
        Statements.HELLO,
        new Hello(terms.leaseId(), terms.tee(), Nonce.of(nonce), clock.millis()),
        borrowerKey);
  }

  private static Id firstHalf(Hash hash) {
    return Id.of(Arrays.copyOf(hash.bytes(), Id.BYTES));
  }
}
