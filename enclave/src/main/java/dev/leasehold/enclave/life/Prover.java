package dev.leasehold.enclave.life;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.enclave.attest.Attester;
import dev.leasehold.enclave.key.IdentityKey;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.enclave.terms.Program;
import java.io.IOException;
import java.util.List;

/** Answers challenges with evidence that the hardware's report binds to this boot's keys. */
final class Prover {
  private final Program program;
  private final Attester attester;
  private final IdentityKey ik;
  private final HpkePublicKey sk;

  Prover(Program program, Attester attester, IdentityKey ik, HpkePublicKey sk) {
    this.program = program;
    this.attester = attester;
    this.ik = ik;
    this.sk = sk;
  }

  /** Evidence and the bundle it travels in. */
  record Proof(Signed<EvidenceStatement> evidence, Bundles.EvidencePost post) {}

  Proof prove(Challenged challenged) throws IOException, InterruptedException {
    EvidenceStatement statement = challenged.evidence(program, ik.key().ed25519(), sk.raw());
    Signed<EvidenceStatement> evidence = Dsse.sign(Statements.EVIDENCE, statement, ik);
    Attester.Quote quote = attester.quote(Digests.reportData(evidence.hash()));
    return new Proof(
        evidence,
        new Bundles.EvidencePost(
            evidence.envelope(), quote.tee(), quote.report(), quote.certs(), List.of()));
  }
}
