package dev.leasehold.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.leasehold.consumer.trust.TrustFile;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.AppraisalStatement.Verdict;
import dev.leasehold.core.lease.Bundles.EvidencePost;
import dev.leasehold.core.lease.Bundles.WellKnown;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.snp.Flaw;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each check of protocol §11.1 broken alone is refused under its own name, and no byte of the
 * prompt has left (attacks AR-04, CO-06).
 */
@Timeout(120)
class TrustRefusalTest {
  @TempDir Path folder;
  private ProxyFixture f;

  /** Breaks one thing. */
  interface Break {
    void apply(ProxyFixture f) throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    f = new ProxyFixture(folder);
  }

  @AfterEach
  void stop() {
    f.close();
  }

  @Tag("AR-04")
  @Tag("CO-06")
  @Tag("D28")
  @Tag("D21")
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"quorum", "staple", "evidence", "identity", "keyconfig", "appraisal"})
  void isRefusedUnderItsName(String check, String what, Break broken) throws Exception {
    broken.apply(f);
    refused(check);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void flawedEvidenceIsRefusedForItsClaim(Flaw flaw) throws Exception {
    f.relay.enclave.flaw = flaw;
    Files.delete(f.collateral.resolve("genoa.crl"));
    List<RevocationList> lists = f.relay.enclave.lists();
    for (int i = 0; i < lists.size(); i++) {
      Files.write(f.collateral.resolve(i + ".crl"), lists.get(i).encoded());
    }
    refused("evidence:" + flaw.claim());
  }

  @Test
  void withoutARevocationListItSaysWhereToPutOne() throws Exception {
    Files.delete(f.collateral.resolve("genoa.crl"));
    String message = refused("evidence:crl");
    assertThat(message).contains(f.collateral.toString(), "*.crl");
    Files.write(f.collateral.resolve("late.crl"), FakeEnclave.revocations());
    assertThat(f.chat().statusCode()).isEqualTo(200);
  }

  @Test
  void aListInTheBundleServesToo() throws Exception {
    Files.delete(f.collateral.resolve("genoa.crl"));
    f.relay.enclave.bendBundle =
        Bend.field("collateral", List.of(Bytes.of(FakeEnclave.revocations())));
    assertThat(f.chat().statusCode()).isEqualTo(200);
  }

  @Test
  void rubbishInTheCollateralFolderIsNamed() throws Exception {
    Files.writeString(f.collateral.resolve("readme.txt"), "hello");
    assertThat(refused("collateral")).contains("readme.txt");
  }

  static Stream<Arguments> quorum() {
    return Stream.of(
        of(
            "quorum",
            "another approver set",
            f -> f.restart(with(f.trust(), "approverSet", Parties.hash(1)), f.relay.uri())),
        forged("quorum", "roster", "roster", f -> f.relay.enclave.parties.roster),
        forged("quorum", "measurements", "measurements", f -> f.relay.enclave.parties.measurements),
        forged("quorum", "lease", "lease", f -> f.relay.enclave.parties.lease),
        forged("quorum", "package", "modelPackage", f -> f.relay.enclave.parties.modelPackage));
  }

  static Stream<Arguments> staple() {
    return Stream.of(
        of("staple", "too old", f -> f.now.set(FakeEnclave.NOW.plusMillis(75_001))),
        of("staple", "of the future", f -> f.now.set(FakeEnclave.NOW.minusMillis(30_001))),
        of(
            "staple",
            "longer than the lease allows",
            f -> {
              f.relay.enclave.bendStaple = Bend.field("validMs", 3_600_000L);
              f.now.set(FakeEnclave.NOW.plusMillis(75_001));
            }),
        of(
            "staple",
            "before its grant key",
            f ->
                f.relay.enclave.bendStaple =
                    Bend.field("issuedAt", Parties.NOW + 2_000_000_000_000L)),
        forged("staple", "signature", "staple", f -> f.relay.enclave.staple()));
  }

  static Stream<Arguments> evidence() {
    return Stream.of(
        forged("evidence:statement", "signature", "", f -> f.relay.enclave.statement()),
        statement("leaseId", Parties.id(0x77)),
        statement("borrowerId", Parties.id(0x77)),
        statement("approverSet", Parties.hash(0x77)),
        statement("modelPackage", Parties.hash(0x77)),
        statement("measurements", Parties.hash(0x77)),
        of(
            "evidence:config",
            "another configuration",
            f -> f.relay.enclave.bendStatement = Bend.field("config", Parties.hash(0x77))),
        of(
            "evidence:platform",
            "of the appraisal",
            f -> f.relay.enclave.bendAppraisal = Bend.field("platformId", "sev-snp:77")),
        of(
            "evidence:malformed",
            "of another kind than it says",
            f -> f.relay.enclave.bendBundle = evidence(Bend.field("tee", Tee.TDX))),
        of(
            "evidence:crl",
            "rubbish in the bundle",
            f ->
                f.relay.enclave.bendBundle =
                    Bend.field("collateral", List.of(Bytes.of(new byte[9])))));
  }

  static Stream<Arguments> identity() {
    return Stream.of(
        trusts("leaseId", Optional.of(Parties.id(0x77))),
        trusts("borrowerId", Optional.of(Parties.id(0x77))),
        trusts("modelPackage", Optional.of(Parties.hash(0x77))),
        trusts("modelDigest", Optional.of(Parties.hash(0x77))),
        of(
            "identity",
            "a lease of another package",
            f -> {
              Parties p = f.relay.enclave.parties;
              Envelope lease =
                  Dsse.sign(
                          Statements.LEASE,
                          Bend.<Lease>field("modelPackage", Parties.hash(0x77))
                              .apply(p.lease.body()),
                          p.approver)
                      .envelope();
              f.relay.enclave.bendBundle = Bend.field("lease", lease);
            }));
  }

  static Stream<Arguments> keyconfig() {
    return Stream.of(
        forged("keyconfig", "signature", "keyconfig", f -> f.relay.enclave.keyconfig()),
        keyconfig("leaseId", Parties.id(0x77)),
        keyconfig("instanceId", Parties.id(0x77)),
        keyconfig("modelDigest", Parties.hash(0x77)),
        keyconfig("kem", 1L),
        keyconfig("kdf", 2L),
        keyconfig("aead", 1L),
        keyconfig("frameBytes", 255L),
        keyconfig("frameBytes", 16_385L),
        keyconfig("ck", Bytes.of(new byte[1215])),
        keyconfig("expiresAt", Parties.NOW - 299_001));
  }

  static Stream<Arguments> appraisal() {
    return Stream.of(
        forged("appraisal", "signature", "appraisal", f -> f.relay.enclave.appraisal()),
        appraisal("evidence", Parties.hash(0x77)),
        appraisal("leaseId", Parties.id(0x77)),
        appraisal("instanceId", Parties.id(0x77)),
        appraisal("ik", Parties.hash(0x77)),
        appraisal("measurement", new HexBytes("77".repeat(48))),
        appraisal("verdict", Verdict.REFUSED),
        stapled("leaseId", Parties.id(0x77)),
        stapled("instanceId", Parties.id(0x77)),
        stapled("ik", Parties.hash(0x77)),
        stapled("evidence", Parties.hash(0x77)),
        stapled("appraisal", Parties.hash(0x77)),
        stapled("modelPackage", Parties.hash(0x77)),
        stapled("modelDigest", Parties.hash(0x77)),
        stapled("epoch", 7L),
        stapled("incarnation", 7L));
  }

  private String refused(String check) throws Exception {
    HttpResponse<String> response = f.chat();
    assertThat(ProxyFixture.code(response)).as(response.body()).isEqualTo("leasehold_" + check);
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(ProxyFixture.message(response)).contains("expected", "found", "remedy: ");
    assertThat(f.relay.seals).hasValue(0);
    assertThat(f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT).statusCode())
        .isEqualTo(502);
    assertThat(f.relay.seals).hasValue(0);
    return ProxyFixture.message(response);
  }

  private static Arguments of(String check, String what, Break broken) {
    return arguments(check, what, broken);
  }

  /** The same statement, signed by somebody who may not. */
  private static Arguments forged(String check, String what, String member, Genuine genuine) {
    return of(
        check,
        what + " of a stranger",
        f -> {
          Envelope honest = genuine.in(f).envelope();
          Ed25519Signer stranger = f.relay.enclave.parties.stranger;
          Envelope forged =
              new Envelope(
                  honest.payloadType(), honest.payload(), Dsse.countersign(honest, stranger));
          f.relay.enclave.bendBundle =
              member.isEmpty()
                  ? evidence(Bend.field("evidence", forged))
                  : Bend.field(member, forged);
        });
  }

  interface Genuine {
    Signed<?> in(ProxyFixture f);
  }

  private static UnaryOperator<WellKnown> evidence(UnaryOperator<EvidencePost> bend) {
    return b -> Bend.<WellKnown>field("evidence", bend.apply(b.evidence())).apply(b);
  }

  private static Arguments statement(String field, Object value) {
    return of(
        "evidence:statement", field, f -> f.relay.enclave.bendStatement = Bend.field(field, value));
  }

  private static Arguments keyconfig(String field, Object value) {
    return of(
        "keyconfig",
        field + " " + value.hashCode(),
        f -> f.relay.enclave.bendKeyConfig = Bend.field(field, value));
  }

  private static Arguments appraisal(String field, Object value) {
    return of("appraisal", field, f -> f.relay.enclave.bendAppraisal = Bend.field(field, value));
  }

  private static Arguments stapled(String field, Object value) {
    return of(
        "appraisal",
        "staple names another " + field,
        f -> f.relay.enclave.bendStaple = Bend.field(field, value));
  }

  private static Arguments trusts(String field, Object value) {
    return of("identity", field, f -> f.restart(with(f.trust(), field, value), f.relay.uri()));
  }

  private static TrustFile with(TrustFile trust, String field, Object value) {
    return Bend.<TrustFile>field(field, value).apply(trust);
  }
}
