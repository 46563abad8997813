package dev.leasehold.custodian.grant;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.key.RelayTokens;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** Answers hellos with challenges (protocol §6.2). */
public final class Hellos {
  private static final long CHALLENGE_MS = 60_000;
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();

  private final Store store;
  private final Writer writer;
  private final CustodianKeys keys;
  private final RelayTokens tokens;
  private final Stops stops;
  private final Freeze freeze;
  private final SecureRandom random;

  public Hellos(
      Store store,
      Writer writer,
      CustodianKeys keys,
      RelayTokens tokens,
      Stops stops,
      Freeze freeze,
      SecureRandom random) {
    this.store = store;
    this.writer = writer;
    this.keys = keys;
    this.tokens = tokens;
    this.stops = stops;
    this.freeze = freeze;
    this.random = random;
  }

  /** A new instance; the same key gets the same answer. */
  public Bundles.Enrolled hello(String idempotencyKey, Envelope envelope) throws Rejected {
    Hello unverified;
    try {
      unverified = Statements.HELLO.decode(envelope.payload().toArray());
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
    Signed<Hello> hello = store.look(tx -> verified(tx, unverified.leaseId(), envelope));
    return writer.run(Reach.of(unverified.leaseId()), tx -> hello(tx, idempotencyKey, hello));
  }

  private Bundles.Enrolled hello(Tx tx, String key, Signed<Hello> hello) throws Rejected {
    // Not even a challenge of before: nobody can answer it.
    freeze.requireThawed(tx);
    Id leaseId = hello.body().leaseId();
    Optional<InstanceRow> known = tx.instances().findByIdempotencyKey(key);
    if (known.isPresent()) {
      return repeated(tx, leaseId, known.get());
    }
    LeaseRow lease = stops.pass(tx, tx.leases().get(leaseId));
    Lease terms = Stops.terms(tx, lease);
    requireOpen(tx, lease, terms);
    requireRoom(tx, lease, terms);
    if (tx.envelopes().has(hello.hash())) {
      throw new Rejected(
          ProblemType.CONFLICT, "this hello was answered before, under another Idempotency-Key");
    }
    tx.envelopes().insert(hello, Statements.HELLO.name());
    Id instance = Id.of(random(Id.BYTES));
    tx.instances().insert(instance, leaseId, key, terms.maxActive(), lease.epoch(), tx.now());
    return enrolled(instance, challenge(tx, lease, terms, instance).envelope());
  }

  /**
   * Re-attestation of a live instance, after a recall. One who asks over and over gets what is
   * waiting for an answer: the table of nonces grows by two a minute at most.
   */
  public Bundles.Enrolled again(Id instanceId) throws Rejected {
    InstanceRow instance =
        store
            .read(tx -> tx.instances().find(instanceId))
            .orElseThrow(() -> Rejected.unknown("instance " + instanceId));
    return writer.run(Reach.of(instance.leaseId()), tx -> again(tx, instance));
  }

  private Bundles.Enrolled again(Tx tx, InstanceRow instance) throws Rejected {
    Id instanceId = instance.instanceId();
    freeze.requireThawed(tx);
    LeaseRow lease = stops.pass(tx, tx.leases().get(instance.leaseId()));
    switch (tx.instances().find(instanceId).map(InstanceRow::state).orElseThrow()) {
      case ACTIVE -> {}
      case CHALLENGED ->
          throw new Rejected(ProblemType.CONFLICT, "this instance has not enrolled yet");
      case FENCED -> throw new Rejected(ProblemType.FENCED, "this instance is fenced");
      case CLOSED, WRITTEN_OFF -> throw new Rejected(ProblemType.CLOSED, "this instance is closed");
    }
    if (!lease.isActive() && lease.state() != LeaseState.SUSPENDED) {
      throw new Rejected(ProblemType.NOT_ACTIVE, "the lease is " + lease.state());
    }
    Optional<Hash> waiting =
        tx.challenges().waiting(instanceId, lease.epoch(), tx.now() + CHALLENGE_MS / 2);
    return enrolled(
        instanceId,
        waiting.isPresent()
            ? tx.envelopes().get(waiting.get())
            : challenge(tx, lease, Stops.terms(tx, lease), instanceId).envelope());
  }

  private static Signed<Hello> verified(Tx tx, Id leaseId, Envelope envelope) throws Rejected {
    LeaseRow lease =
        tx.leases().find(leaseId).orElseThrow(() -> Rejected.unknown("lease " + leaseId));
    Borrower borrower =
        Standing.borrower(tx, lease.borrowerId())
            .orElseThrow(() -> new IllegalStateException("no borrower " + lease.borrowerId()))
            .body();
    try {
      return Dsse.open(Statements.HELLO, envelope, borrower.bk());
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    } catch (BadSignature e) {
      throw Rejected.badSignature(e);
    }
  }

  private Bundles.Enrolled repeated(Tx tx, Id leaseId, InstanceRow instance) throws Rejected {
    if (!instance.leaseId().equals(leaseId)) {
      throw new Rejected(
          ProblemType.CONFLICT, "Idempotency-Key: expected a new one, found that of another lease");
    }
    return enrolled(
        instance.instanceId(), tx.envelopes().get(tx.challenges().firstOf(instance.instanceId())));
  }

  private static void requireOpen(Tx tx, LeaseRow lease, Lease terms) throws Rejected {
    if (!lease.isActive()) {
      throw new Rejected(ProblemType.NOT_ACTIVE, "the lease is " + lease.state());
    }
    if (!terms.validAt(tx.now())) {
      throw new Rejected(
          ProblemType.NOT_ACTIVE, "the lease is valid from notBefore " + terms.notBefore());
    }
  }

  private static void requireRoom(Tx tx, LeaseRow lease, Lease terms) throws Rejected {
    long boots = tx.instances().createdSince(lease.leaseId(), tx.now() - HOUR_MS);
    if (boots >= terms.maxBootsPerHour()) {
      throw new Rejected(
          ProblemType.BOOT_RATE,
          boots + " boots in the last hour, maxBootsPerHour is " + terms.maxBootsPerHour());
    }
    int active = tx.instances().slots(lease.leaseId()).size();
    if (active >= terms.maxActive()) {
      throw new Rejected(
          ProblemType.SLOTS_FULL,
          active + " instances are active, maxActive is " + terms.maxActive());
    }
  }

  private Signed<Challenge> challenge(Tx tx, LeaseRow lease, Lease terms, Id instance)
      throws Rejected {
    Standing.InForce<Roster> roster = Standing.requireRoster(tx);
    Standing.InForce<Measurements> measurements =
        Standing.measurements(tx, terms.measurementSet())
            .orElseThrow(() ->
                new Rejected(
                    ProblemType.CONFLICT,
                    "no version of measurement set " + terms.measurementSet() + " is valid yet"));
    Nonce nonce = Nonce.of(random(Nonce.BYTES));
    Signed<Challenge> challenge =
        keys.sign(
            Statements.CHALLENGE,
            new Challenge(
                lease.leaseId(),
                instance,
                nonce,
                lease.epoch(),
                lease.incarnation(),
                roster.hash(),
                measurements.hash(),
                lease.envelope(),
                lease.modelPackage(),
                false,
                CHALLENGE_MS,
                tx.logRef(),
                tx.now()));
    tx.envelopes().insert(challenge, Statements.CHALLENGE.name());
    tx.challenges()
        .insert(nonce, instance, challenge.hash(), lease.epoch(), tx.now() + CHALLENGE_MS);
    return challenge;
  }

  private Bundles.Enrolled enrolled(Id instance, Envelope challenge) {
    return new Bundles.Enrolled(challenge, tokens.tokenOf(instance));
  }

  private byte[] random(int bytes) {
    byte[] out = new byte[bytes];
    random.nextBytes(out);
    return out;
  }
}
