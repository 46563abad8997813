package dev.leasehold.consumer;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.hpke.Hpke;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Bundles.EvidencePost;
import dev.leasehold.core.lease.Bundles.WellKnown;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.stream.SealedRequest;
import dev.leasehold.testkit.party.Exchange;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.snp.Flaw;
import dev.leasehold.testkit.snp.Forgery;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.snp.SnpForger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What an enclave and its custodian would sign: genuine in form, on a simulated chip. A test bends
 * one thing before it is signed, so that nothing else is wrong.
 */
final class FakeEnclave {
  static final Instant NOW = Instant.ofEpochMilli(Parties.NOW);
  private static final HexBytes MEASUREMENT = new HexBytes("5a".repeat(48));
  private static final SimulatedChip CHIP = SimulatedChip.create(SimulatedAmd.shared());
  private static final SnpForger FORGER = new SnpForger(CHIP);

  final Parties parties = new Parties(MEASUREMENT, policy(), CHIP.platformId());
  final Exchange exchange = new Exchange(parties);
  HpkeKeyPair ck = HpkeKeyPair.generate();

  Flaw flaw = Flaw.NONE;
  UnaryOperator<EvidenceStatement> bendStatement = UnaryOperator.identity();
  UnaryOperator<AppraisalStatement> bendAppraisal = UnaryOperator.identity();
  UnaryOperator<KeyConfig> bendKeyConfig = UnaryOperator.identity();
  UnaryOperator<Staple> bendStaple = UnaryOperator.identity();
  UnaryOperator<Staple> bendAnswerStaple = UnaryOperator.identity();
  UnaryOperator<Receipt> bendReceipt = UnaryOperator.identity();
  UnaryOperator<WellKnown> bendBundle = UnaryOperator.identity();
  Ed25519Signer grantKey = parties.grantKey;
  Ed25519Signer receiptKey = exchange.ik;
  Hash previousReceipt = statement().hash();

  WellKnown bundle() {
    Signed<EvidenceStatement> statement = statement();
    return bendBundle.apply(
        new WellKnown(
            parties.roster.envelope(),
            parties.measurements.envelope(),
            parties.lease.envelope(),
            parties.modelPackage.envelope(),
            post(statement),
            appraisal().envelope(),
            keyconfig().envelope(),
            staple().envelope(),
            List.of(),
            ""));
  }

  Signed<EvidenceStatement> statement() {
    return Dsse.sign(
        Statements.EVIDENCE, bendStatement.apply(exchange.evidenceBody()), exchange.ik);
  }

  Signed<AppraisalStatement> appraisal() {
    Signed<EvidenceStatement> statement = statement();
    AppraisalStatement body =
        new AppraisalStatement(
            Parties.LEASE_ID,
            Parties.INSTANCE_ID,
            statement.hash(),
            exchange.ik.key().keyid(),
            Tee.SEV_SNP,
            CHIP.platformId(),
            Tier.B,
            MEASUREMENT,
            "leasehold-enclave/test",
            parties.measurements.hash(),
            new AppraisalStatement.Tcb("UpToDate", HexBytes.EMPTY, 0, List.of()),
            List.of(),
            List.of(),
            SimulatedAmd.shared().anchors().setHash(),
            AppraisalStatement.Verdict.AFFIRMING,
            List.of(),
            1,
            1,
            List.of(),
            LogRef.EMPTY,
            Parties.NOW);
    return Dsse.sign(Statements.APPRAISAL, bendAppraisal.apply(body), grantKey);
  }

  Signed<KeyConfig> keyconfig() {
    KeyConfig body =
        new KeyConfig(
            Parties.LEASE_ID,
            Parties.INSTANCE_ID,
            1,
            ck.publicKey().raw(),
            Hpke.KEM_ID,
            Hpke.KDF_ID,
            Hpke.AEAD_ID,
            512,
            5,
            1_048_576,
            Parties.MODEL_DIGEST,
            Parties.NOW,
            Parties.NOW + KeyConfig.VALID_MS);
    return Dsse.sign(Statements.KEY_CONFIG, bendKeyConfig.apply(body), exchange.ik);
  }

  /** The staple that goes with an answer. */
  Signed<Staple> answerStaple() {
    Staple honest = staple().body();
    return Dsse.sign(Statements.STAPLE, bendAnswerStaple.apply(honest), grantKey);
  }

  Signed<Staple> staple() {
    Staple body =
        new Staple(
            Parties.LEASE_ID,
            Parties.INSTANCE_ID,
            exchange.ik.key().keyid(),
            statement().hash(),
            appraisal().hash(),
            parties.modelPackage.hash(),
            Parties.MODEL_DIGEST,
            1,
            1,
            Staple.State.ACTIVE,
            45_000,
            LogRef.EMPTY,
            Parties.NOW);
    return Dsse.sign(Statements.STAPLE, bendStaple.apply(body), grantKey);
  }

  synchronized Signed<Receipt> receipt(
      SealedRequest request, Bytes body, Bytes salt, Hash response, Receipt.Finish finish) {
    Receipt honest =
        new Receipt(
            Parties.LEASE_ID,
            Parties.INSTANCE_ID,
            1,
            parties.modelPackage.hash(),
            Parties.MODEL_DIGEST,
            request.hash(),
            response,
            Digests.domain("leasehold/1/params", salt.toArray(), body.toArray()),
            new Vec(1, 5, 7, 12),
            finish,
            Parties.hash(0x6a),
            previousReceipt,
            Parties.NOW,
            1,
            1);
    Signed<Receipt> signed = Dsse.sign(Statements.RECEIPT, bendReceipt.apply(honest), receiptKey);
    previousReceipt = signed.hash();
    return signed;
  }

  /** The revocation list that AMD would publish now. */
  static byte[] revocations() {
    return SimulatedAmd.shared().revocations(NOW.minusSeconds(3_600)).encoded();
  }

  /** The lists a verifying party would hold beside this flaw. */
  List<RevocationList> lists() {
    return forgery(statement()).revocations();
  }

  private EvidencePost post(Signed<EvidenceStatement> statement) {
    Forgery forgery = forgery(statement);
    List<Bytes> certs =
        forgery.certificates().stream().map(Certificates::encoded).map(Bytes::of).toList();
    return new EvidencePost(statement.envelope(), Tee.SEV_SNP, forgery.quote(), certs, List.of());
  }

  private Forgery forgery(Signed<EvidenceStatement> statement) {
    ReportRequest request = ReportRequest.of(ReportData.binding(statement.hash()), MEASUREMENT);
    return FORGER.forge(flaw, request, NOW);
  }

  private static Measurements.Policy policy() {
    return new Measurements.Policy(
        List.of("genoa"),
        Map.of("genoa", new Measurements.TcbFloor(0, 10, 0, 23, 84)),
        0,
        List.of("UpToDate"),
        List.of(),
        false,
        true,
        true,
        604_800_000);
  }
}
