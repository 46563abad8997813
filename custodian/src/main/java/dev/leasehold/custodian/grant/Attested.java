package dev.leasehold.custodian.grant;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.store.Attestations;
import dev.leasehold.custodian.store.Recent;
import dev.leasehold.custodian.store.Tx;

/**
 * What accepted evidence said and was answered. It never changes once it is committed, so it is
 * read from the database once.
 */
public final class Attested {
  /** A few hundred bytes each. */
  private static final int MOST = 65_536;

  /**
   * One accepted evidence.
   *
   * @param roster H of the roster that the enclave said it knew
   * @param lease H of the lease that it said it knew
   * @param appraisal H of its appraisal
   */
  public record Facts(Hash roster, Hash lease, Hash appraisal) {}

  private final Recent<Hash, Facts> facts = new Recent<>(MOST);
  private final Recent<Id, Long> firstCseq = new Recent<>(MOST);

  public Facts facts(Tx tx, Hash evidence) {
    return facts.get(evidence, () -> read(row(tx, evidence)));
  }

  /** The {@code cseq} of grant 0: commands up to it are not for this instance. */
  public long firstCseq(Tx tx, Id instance) {
    return firstCseq.get(instance, () -> readFirstCseq(tx, instance));
  }

  private static long readFirstCseq(Tx tx, Id instance) {
    Attestations.Row row =
        tx.attestations()
            .firstOf(instance)
            .orElseThrow(() -> new IllegalStateException("no attestation of " + instance));
    Envelope grant =
        reply(row)
            .grant()
            .orElseThrow(() -> new IllegalStateException("no grant 0 of " + instance));
    return Statements.GRANT.decodeStored(grant).cseq();
  }

  private static Attestations.Row row(Tx tx, Hash evidence) {
    return tx.attestations()
        .find(evidence)
        .orElseThrow(() -> new IllegalStateException("no attestation " + evidence));
  }

  private static Facts read(Attestations.Row row) {
    Bundles.EvidencePost post = Bundle.parseStored(Bundles.EvidencePost.class, row.request());
    EvidenceStatement statement = Statements.EVIDENCE.decodeStored(post.evidence());
    return new Facts(statement.roster(), statement.lease(), reply(row).appraisal().hash());
  }

  private static Bundles.EnrolmentReply reply(Attestations.Row row) {
    return Bundle.parseStored(Bundles.EnrolmentReply.class, row.reply());
  }
}
