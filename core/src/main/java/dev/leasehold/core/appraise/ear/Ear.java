package dev.leasehold.core.appraise.ear;

import dev.leasehold.core.appraise.Assessment;
import dev.leasehold.core.appraise.Freshness;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Claim;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.pki.Window;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An EAT Attestation Result (draft-ietf-rats-ear-04 §3) about one attester.
 *
 * @param issuedAt as of when the evidence was judged
 * @param expires when the first signed thing that the result rests on runs out; absent: unknown
 * @param build the verifying software, such as {@code leasehold 0.1.0}
 * @param label of the attester: the kind of its evidence
 * @param status affirming or warning when it is accepted, contraindicated when it is refused
 * @param policy what it was held to
 * @param nonce that the evidence repeats
 */
public record Ear(
    Instant issuedAt,
    Optional<Instant> expires,
    String build,
    String label,
    TrustworthinessTier status,
    TrustworthinessVector vector,
    String policy,
    Optional<HexBytes> nonce) {

  public static final String PROFILE = "tag:ietf.org,2026:rats/ear#04";

  /** What evidence without an owner's policy is held to. */
  public static final String STRICT_POLICY = "leasehold:policy/strict/1";

  private static final String DEVELOPER = "Leasehold";
  private static final String MEASUREMENT_SET = "leasehold:measurements/";
  private static final String PLATFORM_LIST = "platform-list";

  /** A nonce of EAT has 8 to 64 bytes (§3). */
  private static final int NONCE_MIN = 8;

  private static final int NONCE_MAX = 64;

  /** The name of an owner's policy: {@code H} of its measurement set. */
  public static String policy(Hash measurements) {
    return MEASUREMENT_SET + measurements;
  }

  /** A relying party's own judgement. */
  public static Ear of(
      EvidenceKind kind, Assessment assessment, String policy, String build, Instant at) {
    Optional<VerifiedClaims> claims = assessment.claims();
    TrustworthinessVector vector =
        claims
            .map(c ->
                Trustworthiness.of(
                    kind, outcomes(assessment.checks()), !c.tcb().advisories().isEmpty()))
            .orElseGet(Trustworthiness::invalid);
    return new Ear(
        at,
        claims.flatMap(c -> Window.closes(c.windows())),
        build,
        kind.word(),
        status(assessment.accepted(), vector),
        vector,
        policy,
        claims.flatMap(Freshness::nonceOf).filter(Ear::isNonce));
  }

  /** A custodian's judgement, of a statement whose signature holds. */
  public static Ear of(Signed<AppraisalStatement> signed, String build) {
    AppraisalStatement statement = signed.body();
    EvidenceKind kind = kind(statement.tee());
    Map<String, Boolean> checks = new LinkedHashMap<>();
    for (Claim c : statement.claims()) {
      checks.merge(c.claim(), c.passed(), Boolean::logicalAnd);
    }
    // The platform is looked up in the borrower's list only when the evidence is genuine.
    TrustworthinessVector vector =
        checks.containsKey(PLATFORM_LIST)
            ? Trustworthiness.of(kind, checks, !statement.tcb().advisories().isEmpty())
            : Trustworthiness.invalid();
    boolean accepted =
        statement.verdict() == AppraisalStatement.Verdict.AFFIRMING
            && checks.values().stream().allMatch(ok -> ok);
    return new Ear(
        Instant.ofEpochMilli(statement.issuedAt()),
        Optional.empty(),
        build,
        kind.word(),
        status(accepted, vector),
        vector,
        policy(statement.measurements()),
        Optional.empty());
  }

  /** The claims-set, members in the order of the draft. */
  public Json.Obj claims() {
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("eat_profile", new Json.Str(PROFILE));
    out.put("iat", new Json.Int(issuedAt.getEpochSecond()));
    expires.ifPresent(e -> out.put("exp", new Json.Int(e.getEpochSecond())));
    out.put("ear_verifier_id", Json.Obj.EMPTY.with("developer", DEVELOPER).with("build", build));
    out.put("ear_status", new Json.Str(status.word()));
    out.put("submods", Json.Obj.EMPTY.with(label, appraisal()));
    return new Json.Obj(out);
  }

  /** The result as a JWT: EdDSA over these bytes, the same for the same result and key. */
  public String sign(Ed25519Signer key) {
    return Jws.sign(claims(), key);
  }

  private Json.Obj appraisal() {
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("ear_status", new Json.Str(status.word()));
    out.put("ear_trustworthiness_vector", vector.toJson());
    out.put("ear_appraisal_policy_ids", Json.Arr.of(List.of(new Json.Str(policy))));
    nonce.ifPresent(
        n -> out.put("eat_nonce", new Json.Str(Base64.getEncoder().encodeToString(n.bytes()))));
    return new Json.Obj(out);
  }

  private static Map<String, Boolean> outcomes(List<Check> checks) {
    Map<String, Boolean> out = new LinkedHashMap<>();
    checks.forEach(c -> out.merge(c.claim(), c.ok(), Boolean::logicalAnd));
    return out;
  }

  /** Never of more trust than the vector (§3.1), and of none where anything was refused. */
  private static TrustworthinessTier status(boolean accepted, TrustworthinessVector vector) {
    return accepted ? vector.tier() : TrustworthinessTier.CONTRAINDICATED;
  }

  private static boolean isNonce(HexBytes value) {
    int bytes = value.hex().length() / 2;
    return bytes >= NONCE_MIN && bytes <= NONCE_MAX;
  }

  private static EvidenceKind kind(Tee tee) {
    String word =
        switch (tee) {
          case SEV_SNP -> "snp";
          case TDX -> "tdx";
          case SGX -> "sgx";
          case NITRO -> "nitro";
          case AZURE_SNP, AZURE_TDX -> "azure";
        };
    return EvidenceKind.of(word).orElseThrow(() -> new IllegalStateException(word));
  }
}
