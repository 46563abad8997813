package dev.leasehold.custodian.grant;

import dev.leasehold.core.appraise.EvidenceBundle;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.problem.Rejected;

/**
 * Evidence that is well-formed, and nothing more. That its signature holds is one of the checks to
 * come, in their order.
 *
 * @param signed whether the statement is signed by the key it names
 */
record Candidate(
    Bundles.EvidencePost post,
    EvidenceStatement statement,
    Hash hash,
    Evidence hardware,
    HpkePublicKey sk,
    boolean signed) {

  static Candidate parse(byte[] body) throws Rejected {
    try {
      Bundles.EvidencePost post =
          Bundle.parse(Bundles.EvidencePost.class, body, Bundles.MAX_EVIDENCE_BYTES);
      if (!post.evidence().payloadType().equals(Statements.EVIDENCE.payloadType())) {
        throw new Malformed(
            "evidence.payloadType",
            Statements.EVIDENCE.payloadType(),
            post.evidence().payloadType());
      }
      EvidenceStatement statement = Statements.EVIDENCE.decode(post.evidence().payload().toArray());
      return new Candidate(
          post,
          statement,
          post.evidence().hash(),
          EvidenceBundle.read(post),
          HpkePublicKey.parse("evidence.sk", statement.sk()),
          isSigned(post));
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
  }

  Hash skHash() {
    return Digests.sha256(statement.sk().toArray());
  }

  private static boolean isSigned(Bundles.EvidencePost post) throws Malformed {
    try {
      Dsse.openSelfSigned(Statements.EVIDENCE, post.evidence(), EvidenceStatement::ikRecord);
      return true;
    } catch (BadSignature e) {
      return false;
    }
  }
}
