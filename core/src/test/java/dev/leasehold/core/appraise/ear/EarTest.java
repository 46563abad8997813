package dev.leasehold.core.appraise.ear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Claim;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A custodian's signed appraisal as an EAR, and its JWT by other means than our own. */
class EarTest {
  private static final Ed25519Signer KEY = Ed25519Signer.fromSeed(new byte[32]);
  private static final Hash ANY = new Hash("ab".repeat(32));
  private static final String PAYLOAD =
      """
      {"eat_profile":"tag:ietf.org,2026:rats/ear#04","iat":1795000000,\
      "ear_verifier_id":{"developer":"Leasehold","build":"leasehold 1"},\
      "ear_status":"affirming","submods":{"snp":{"ear_status":"affirming",\
      "ear_trustworthiness_vector":{"instance-identity":2,"configuration":2,"executables":3,\
      "hardware":2,"runtime-opaque":2},\
      "ear_appraisal_policy_ids":["leasehold:measurements/%s"]}}}\
      """
          .formatted(ANY);

  @Test
  void anAppraisalIsMappedMemberByMember() {
    Ear ear =
        Ear.of(statement(good(), List.of(), AppraisalStatement.Verdict.AFFIRMING), "leasehold 1");
    assertThat(ear.claims().write()).isEqualTo(PAYLOAD);
  }

  @Test
  void theTokenIsVerifiedAndReadByOtherMeans() throws Exception {
    Ear ear =
        Ear.of(statement(good(), List.of(), AppraisalStatement.Verdict.AFFIRMING), "leasehold 1");
    String token = ear.sign(KEY);
    assertThat(token).isEqualTo(ear.sign(KEY)).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    String[] parts = token.split("\\.", -1);
    assertThat(decoded(parts[0]))
        .isEqualTo("{\"alg\":\"EdDSA\",\"typ\":\"eat+jwt\",\"kid\":\"" + KEY.key().keyid() + "\"}");
    assertThat(decoded(parts[1])).isEqualTo(PAYLOAD);
    assertThat(verifies(parts[0] + "." + parts[1], parts[2])).isTrue();
    assertThat(verifies(parts[0] + "." + parts[1] + "A", parts[2])).isFalse();
  }

  @Test
  void oneFailedClaimContraindicates() {
    for (Claim c : good()) {
      List<Claim> claims =
          good().stream().map(g -> g.equals(c) ? claim(c.claim(), Claim.Ok.NO) : g).toList();
      assertThat(status(claims, AppraisalStatement.Verdict.REFUSED))
          .as(c.claim())
          .isEqualTo(TrustworthinessTier.CONTRAINDICATED);
      assertThat(status(claims, AppraisalStatement.Verdict.AFFIRMING))
          .as("a verdict that its own claims belie: %s", c.claim())
          .isEqualTo(TrustworthinessTier.CONTRAINDICATED);
    }
  }

  @Test
  void whatIsNotGenuineSaysNothingElse() {
    Ear ear =
        Ear.of(
            statement(
                List.of(claim("chain", Claim.Ok.NO)),
                List.of(),
                AppraisalStatement.Verdict.REFUSED),
            "leasehold 1");
    assertThat(ear.vector().values()).hasSize(1).containsEntry(TrustworthinessClaim.HARDWARE, 99);
    assertThat(ear.status()).isEqualTo(TrustworthinessTier.CONTRAINDICATED);
  }

  @Test
  void toleratedAdvisoriesWarn() {
    Ear ear =
        Ear.of(
            statement(good(), List.of("INTEL-SA-00615"), AppraisalStatement.Verdict.AFFIRMING),
            "leasehold 1");
    assertThat(ear.status()).isEqualTo(TrustworthinessTier.WARNING);
  }

  private static TrustworthinessTier status(
      List<Claim> claims, AppraisalStatement.Verdict verdict) {
    return Ear.of(statement(claims, List.of(), verdict), "leasehold 1").status();
  }

  private static List<Claim> good() {
    return List.of("chain", "signature", "tcb", "debug", "measurement", "config", "platform-list")
        .stream()
        .map(name -> claim(name, Claim.Ok.YES))
        .toList();
  }

  private static Claim claim(String name, Claim.Ok ok) {
    return new Claim(name, "expected", "got", ok, ok == Claim.Ok.YES ? "" : "remedy");
  }

  private static Signed<AppraisalStatement> statement(
      List<Claim> claims, List<String> advisories, AppraisalStatement.Verdict verdict) {
    Id id = new Id("00".repeat(16));
    return Dsse.sign(
        Statements.APPRAISAL,
        new AppraisalStatement(
            id,
            id,
            ANY,
            ANY,
            Tee.SEV_SNP,
            "sev-snp:00",
            Tier.B,
            new HexBytes("00".repeat(48)),
            "program",
            ANY,
            new AppraisalStatement.Tcb("UpToDate", new HexBytes("00"), 0, advisories),
            List.of(),
            List.of(),
            ANY,
            verdict,
            claims,
            1,
            1,
            List.of(),
            LogRef.EMPTY,
            1_795_000_000_999L),
        KEY);
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  /** The JDK's own Ed25519 (RFC 8032 §5.1.3: the point's sign is the last byte's top bit). */
  private static boolean verifies(String signed, String signature) throws Exception {
    byte[] littleEndian = KEY.key().ed25519().toArray();
    byte[] y = new byte[littleEndian.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = littleEndian[y.length - 1 - i];
    }
    boolean odd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    Signature s = Signature.getInstance("Ed25519", "SunEC");
    s.initVerify(
        KeyFactory.getInstance("Ed25519", "SunEC")
            .generatePublic(
                new EdECPublicKeySpec(
                    NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y)))));
    s.update(signed.getBytes(StandardCharsets.US_ASCII));
    byte[] raw = Base64.getUrlDecoder().decode(signature);
    return raw.length == 64 && s.verify(raw);
  }
}
