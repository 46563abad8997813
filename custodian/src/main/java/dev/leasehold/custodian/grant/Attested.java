package dev.leasehold.custodian.grant;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.store.Attestations;
import dev.leasehold.custodian.store.Tx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What accepted evidence said and was answered. It never changes once it is committed, so it is
 * read from the database once.
 */
public final class Attested {
  private static final int MOST = 4_096;

  /**
   * One accepted evidence.
   *
   * @param statement what the enclave said it knew: roster, lease and so on
   * @param appraisal H of its appraisal
   */
  public record Facts(EvidenceStatement statement, Hash appraisal) {}

  private final Map<Hash, Facts> facts = new ConcurrentHashMap<>();
  private final Map<Id, Long> firstCseq = new ConcurrentHashMap<>();

  public Facts facts(Tx tx, Hash evidence) {
    Facts known = facts.get(evidence);
    if (known == null) {
      known = read(row(tx, evidence));
      room(facts).put(evidence, known);
    }
    return known;
  }

  /** The {@code cseq} of grant 0: commands up to it are not for this instance. */
  public long firstCseq(Tx tx, Id instance) {
    Long known = firstCseq.get(instance);
    if (known == null) {
      known = readFirstCseq(tx, instance);
      room(firstCseq).put(instance, known);
    }
    return known;
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
    return new Facts(
        Statements.EVIDENCE.decodeStored(post.evidence()), reply(row).appraisal().hash());
  }

  private static Bundles.EnrolmentReply reply(Attestations.Row row) {
    return Bundle.parseStored(Bundles.EnrolmentReply.class, row.reply());
  }

  private static <K, V> Map<K, V> room(Map<K, V> map) {
    if (map.size() >= MOST) {
      map.clear();
    }
    return map;
  }
}
