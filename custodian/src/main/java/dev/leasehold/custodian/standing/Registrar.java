package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;

/** Takes standing objects from approvers; each is durable and logged before the answer. */
public final class Registrar {
  /**
   * The answer.
   *
   * @param known true when the same object was registered before: nothing has changed
   */
  public record Result(Hash hash, boolean known) {}

  /** What can be registered, by the last part of its path. */
  public enum Collection {
    ROSTERS,
    MEASUREMENTS,
    BORROWERS,
    PACKAGES,
    LEASES
  }

  private final Store store;
  private final Writer writer;
  private final CustodianKeys keys;

  public Registrar(Store store, Writer writer, CustodianKeys keys) {
    this.store = store;
    this.writer = writer;
    this.keys = keys;
  }

  public Result register(Collection collection, Envelope envelope) throws Rejected {
    Registration<?> registration =
        switch (collection) {
          case ROSTERS -> new RosterRegistration(keys);
          case MEASUREMENTS -> new MeasurementsRegistration();
          case BORROWERS -> new BorrowerRegistration();
          case PACKAGES -> new PackageRegistration();
          case LEASES -> new LeaseRegistration();
        };
    return register(registration, envelope);
  }

  /** What nobody has signed who may costs the writer nothing. */
  private <T extends Record> Result register(Registration<T> registration, Envelope envelope)
      throws Rejected {
    store.look(tx -> tx.envelopes().has(envelope.hash()) ? tx : open(registration, tx, envelope));
    return writer.run(Reach.WHOLE_LEDGER, tx -> register(registration, tx, envelope));
  }

  private static <T extends Record> Result register(
      Registration<T> registration, Tx tx, Envelope envelope) throws Rejected {
    Hash hash = envelope.hash();
    if (tx.envelopes().has(hash)) {
      return new Result(hash, true);
    }
    Signed<T> statement = open(registration, tx, envelope);
    tx.envelopes().insert(statement, registration.kind().name());
    tx.log().add(statement);
    registration.putInForce(tx, statement);
    return new Result(hash, false);
  }

  private static <T extends Record> Signed<T> open(
      Registration<T> registration, Tx tx, Envelope envelope) throws Rejected {
    try {
      return registration.open(tx, envelope);
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    } catch (BadSignature e) {
      throw Rejected.forbidden(e);
    }
  }
}
