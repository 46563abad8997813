package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Claim;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.testkit.snp.Flaw;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.story.Bends;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocol §6.2 from hello to the key, and each step's own refusal (AR rows of the catalogue). */
@ParameterizedClass
@MethodSource("dev.leasehold.custodian.Engine#nightlyBoth")
class EnrolmentTest {
  @Parameter Engine engine;
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder, engine).lend(l -> Leases.limits(l, 1_000, 2, Tier.B));
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void theAppraisalListsEveryCheckAndTheKeyOpens() throws Exception {
    Enclave e = world.enclave().challenged();
    Bundles.EnrolmentReply reply = e.attest().as(Bundles.EnrolmentReply.class);
    AppraisalStatement appraisal = e.own(Statements.APPRAISAL, reply.appraisal()).body();
    assertThat(appraisal.verdict()).isEqualTo(AppraisalStatement.Verdict.AFFIRMING);
    assertThat(appraisal.claims()).allMatch(Claim::passed);
    assertThat(appraisal.claims().stream().map(Claim::claim))
        .contains(
            "chain",
            "crl",
            "signature",
            "tcb",
            "debug",
            "measurement",
            "config",
            "report-data",
            "platform-list",
            "platform-tier",
            "evidence-signature",
            "lease-id",
            "duplicate-key");
    assertThat(appraisal.platformId()).isEqualTo(world.chip.platformId());
    assertThat(appraisal.collateral()).hasSize(1);
    assertThat(e.openKey(reply)).isEqualTo(world.owner.dek);
    assertThat(reply.staple()).isPresent();
  }

  @Tag("D25")
  @Test
  void theSameIdempotencyKeyGetsTheSameChallengeAndNoSecondInstance() {
    String key = Owner.id().hex();
    Enclave e = world.enclave();
    World.Answer first = e.hello(key);
    assertThat(first.status()).isEqualTo(201);
    assertThat(e.hello(key).text()).isEqualTo(first.text());
    assertThat(e.hello("nothex").status()).isEqualTo(400);
  }

  @Test
  void onlyTheBorrowersKeySaysHello() {
    Enclave e = world.enclave();
    World.Answer good = e.hello(Owner.id().hex());
    assertThat(good.status()).isEqualTo(201);
    Signed<Hello> foreign =
        Dsse.sign(
            Statements.HELLO,
            new Hello(
                world.leaseId(), Tee.SEV_SNP, Nonce.of(Owner.random(32)), world.clock.millis()),
            world.owner.stranger);
    World.Answer refused =
        world.post(
            "/v1/instances",
            foreign.envelope().write().getBytes(StandardCharsets.UTF_8),
            "Idempotency-Key",
            Owner.id().hex());
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.isSigned()).isFalse();
  }

  @Tag("BH-08")
  @Tag("D25")
  @Test
  void bootsAreLimitedPerHourAndEnclavesByTheirSlots() throws Exception {
    try (World few =
        new World(folder.resolve("few"), engine).lend(l -> Leases.limits(l, 3, 1, Tier.B))) {
      few.enclave().challenged();
      Enclave late = few.enclave().challenged();
      few.enclave().enrolled();
      assertThat(few.enclave().hello(Owner.id().hex()).status()).isEqualTo(429);
      World.Answer full = late.attest();
      few.assertRefused(full, late.evidence.hash(), "slots-full", Problem.Action.RETRY);
      few.clock.advance(3_601_000);
      World.Answer again = few.enclave().hello(Owner.id().hex());
      assertThat(again.status()).as("the silent one is fenced, its slot is free").isEqualTo(201);
    }
  }

  @Test
  void withoutRoomThereIsNoGrantAndTheNonceStaysGood() throws Exception {
    try (World small =
        new World(folder.resolve("small"), engine)
            .lend(l -> Leases.with(l, Owner.out(2_000), Owner.out(2_000), Owner.out(2_000)))) {
      Enclave first = small.enclave().enrolled();
      Enclave second = small.enclave().challenged();
      World.Answer full = second.attest();
      small.assertRefused(full, second.evidence.hash(), "exposure-full", Problem.Action.RETRY);
      assertThat(first.end(Owner.out(10)).status()).isEqualTo(200);
      assertThat(second.attest().status()).isEqualTo(200);
    }
  }

  @Tag("AR-05")
  @Tag("AR-06")
  @Tag("D21")
  @Tag("D22")
  @ParameterizedTest
  @EnumSource(
      value = Flaw.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "NONE",
        "ASK_MISSING",
        "ARK_MISSING",
        "ASK_REVOKED",
        "VCEK_REVOKED",
        "LIST_FORGED",
        "LIST_EXPIRED",
        "LIST_OF_THE_FUTURE",
        "LIST_STALE",
        "LIST_MISSING",
        "LIST_SIGNED_WITH_SHA256",
        "LIST_SIGNED_WITH_PKCS1",
        "LIST_WITH_UNKNOWN_CRITICAL_EXTENSION",
        "SMT_ALLOWED",
        "SMT_ON",
        "CIPHERTEXT_HIDING_NOT_DEMANDED",
        "CIPHERTEXT_HIDING_OFF"
      }) // those are the custodian's own collateral, or allowed by the policy of these tests
  void eachFlawOfTheHardwareIsRefusedByItsName(Flaw flaw) { // AR-05, AR-06
    Enclave e = world.enclave();
    e.flaw = flaw;
    e.challenged();
    World.Answer answer = e.attest();
    if (flaw.claim().equals(Flaw.MALFORMED)) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.isSigned()).isFalse();
      return;
    }
    Problem p =
        world.assertRefused(
            answer, e.evidence.hash(), "evidence-rejected:" + flaw.claim(), Problem.Action.STOP);
    assertThat(p.claims()).anyMatch(c -> c.claim().equals(flaw.claim()) && !c.remedy().isEmpty());
    assertThat(world.incidents()).contains("evidence-refused");
    assertThat(World.outputTokens(world.view(), "reserved")).isZero();
  }

  @Tag("AR-01")
  @Test
  void yesterdaysEvidenceDoesNotAnswerTodaysChallenge() throws Exception {
    Enclave e = world.enclave().challenged();
    Bundles.EvidencePost old = e.evidencePost(e.statement(), e.ik);
    e.challenged();
    World.Answer answer = e.attest(old);
    world.assertRefused(answer, old.evidence().hash(), "nonce", Problem.Action.STOP);

    Enclave late = world.enclave().challenged();
    world.clock.advance(61_000);
    World.Answer expired = late.attest();
    world.assertRefused(expired, late.evidence.hash(), "nonce", Problem.Action.STOP);
    assertThat(world.incidents()).contains("evidence-refused");
  }

  @Tag("AR-02")
  @Test
  void ofTwoThatUseOneNonceExactlyOneIsHeard() throws Exception {
    int races = Scale.of(100, 20);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < races; i++) {
        Enclave e = world.enclave().challenged();
        Enclave twin = world.enclave();
        twin.challenge = e.challenge;
        twin.id = e.id;
        twin.token = e.token;
        Bundles.EvidencePost mine = e.evidencePost(e.statement(), e.ik);
        Bundles.EvidencePost theirs = twin.evidencePost(twin.statement(), twin.ik);
        CompletableFuture<World.Answer> a =
            CompletableFuture.supplyAsync(() -> e.attest(mine), threads);
        CompletableFuture<World.Answer> b =
            CompletableFuture.supplyAsync(() -> twin.attest(theirs), threads);
        List<World.Answer> both = List.of(a.get(), b.get());
        assertThat(both.stream().filter(x -> x.status() == 200)).hasSize(1);
        assertThat(both.stream().filter(x -> x.status() == 409)).hasSize(1);
        Enclave winner = a.get().status() == 200 ? e : twin;
        World.Answer won = a.get().status() == 200 ? a.get() : b.get();
        assertThat(winner.attest(winner == e ? mine : theirs).text()).isEqualTo(won.text());
        winner.grant =
            winner.own(
                Statements.GRANT, won.as(Bundles.EnrolmentReply.class).grant().orElseThrow());
        assertThat(winner.end(neverTookGrantZero(winner), Optional.empty(), Optional.empty()))
            .matches(x -> x.status() == 200, "the slot is free again");
      }
    }
  }

  @Tag("AR-03")
  @Test
  void aSwappedKeyIsNotWhatTheHardwareReported() {
    Enclave e = world.enclave().challenged();
    Signed<EvidenceStatement> honest = Dsse.sign(Statements.EVIDENCE, e.statement(), e.ik);
    e.sk = HpkeKeyPair.generate();
    Signed<EvidenceStatement> swapped = Dsse.sign(Statements.EVIDENCE, e.statement(), e.ik);
    World.Answer answer = e.attest(e.evidencePost(swapped.envelope(), honest.hash()));
    world.assertRefused(
        answer, swapped.hash(), "evidence-rejected:report-data", Problem.Action.STOP);
  }

  @Tag("AR-04")
  @Test
  void evidenceOfAnotherLeaseOrBorrowerIsADiversion() {
    Enclave e = world.enclave().challenged();
    assertRejected(e, Map.of("leaseId", Owner.id()), "lease-mismatch");
    Enclave f = world.enclave().challenged();
    assertRejected(f, Map.of("borrowerId", Owner.id()), "lease-mismatch");
  }

  @Tag("AR-17")
  @Test
  void anotherSignerAnotherOwnerAndAnotherConfigurationAreRefused() {
    Enclave e = world.enclave().challenged();
    World.Answer answer =
        e.attest(e.evidencePost(e.statement(), Ed25519Signer.generate(Owner.RANDOM)));
    world.assertRefused(
        answer, e.evidence.hash(), "evidence-rejected:evidence-signature", Problem.Action.STOP);
    Enclave f = world.enclave().challenged();
    assertRejected(
        f, Map.of("approverSet", new Hash("ab".repeat(32))), "evidence-rejected:approver-set");
    Enclave g = world.enclave().challenged();
    assertRejected(g, Map.of("config", new Hash("ee".repeat(32))), "evidence-rejected:config");
  }

  @Tag("AR-09")
  @Test
  void aChipThatAmdHasRevokedIsRefused() throws Exception {
    Enclave e = world.enclave().challenged();
    Files.write(
        world.folder.resolve("collateral/list.crl"),
        world
            .chip
            .amd()
            .revocations(world.clock.instant(), world.chip.certificates().getFirst())
            .encoded());
    world.assertRefused(
        e.attest(), e.evidence.hash(), "evidence-rejected:crl", Problem.Action.STOP);
  }

  @Tag("AR-09")
  @Test
  void aMachineOfALowTierAndOneOnNoListAreRefused() {
    Enclave low = new Enclave(world, world.otherChip).challenged();
    World.Answer answer = low.attest();
    Problem p = world.assertRefused(answer, low.evidence.hash(), "platform", Problem.Action.STOP);
    assertThat(p.detail()).contains("tier B or better");
    Enclave unknown = new Enclave(world, SimulatedChip.create(world.chip.amd())).challenged();
    Problem q =
        world.assertRefused(
            unknown.attest(), unknown.evidence.hash(), "platform", Problem.Action.STOP);
    assertThat(q.detail()).contains("platform-list");
  }

  @Tag("AR-09")
  @Test
  void aQuarantinedMachineIsRefused() {
    Order order = world.stop(Order.Action.QUARANTINE);
    Map<String, String> platform = Map.of("platformId", world.chip.platformId());
    world.order(Bends.with(order, Map.of("args", platform)), world.owner.operator);
    Enclave e = world.enclave().challenged();
    Problem p = world.assertRefused(e.attest(), e.evidence.hash(), "platform", Problem.Action.STOP);
    assertThat(p.detail()).contains("QUARANTINED");
  }

  @Tag("AR-13")
  @Tag("D7")
  @Test
  void aTwinWithTheSameKeysIsRefused() throws Exception {
    Enclave first = world.enclave().enrolled();
    Enclave twin = world.enclave();
    twin.ik = first.ik;
    twin.challenged();
    world.assertRefused(twin.attest(), twin.evidence.hash(), "duplicate-key", Problem.Action.STOP);
    Enclave half = world.enclave();
    half.sk = first.sk;
    half.challenged();
    world.assertRefused(half.attest(), half.evidence.hash(), "duplicate-key", Problem.Action.STOP);
    assertThat(world.incidents()).filteredOn("evidence-refused"::equals).hasSize(2);
  }

  @Tag("AR-14")
  @Test
  void evidenceSentTwiceGetsTheSameBytesAndAfterARevokeNoKey() throws Exception {
    Enclave e = world.enclave().challenged();
    Bundles.EvidencePost post = e.evidencePost(e.statement(), e.ik);
    World.Answer first = e.attest(post);
    assertThat(e.attest(post).text()).isEqualTo(first.text());
    Enclave thief = world.enclave().challenged();
    thief.evidence = e.evidence;
    thief.challenge = e.challenge;
    assertThatThrownBy(() -> thief.openKey(first.as(Bundles.EnrolmentReply.class)))
        .isInstanceOf(OpenFailed.class);
    world.revoke();
    world.assertRefused(e.attest(post), e.evidence.hash(), "not-active", Problem.Action.STOP);
    assertThat(World.outputTokens(world.view(), "x")).isEqualTo(2_000);
    World.Answer closed = e.end(neverTookGrantZero(e), Optional.empty(), Optional.empty());
    assertThat(closed.status()).as(closed.text()).isEqualTo(200);
    assertThat(World.outputTokens(world.view(), "x")).isZero();
    assertThat(grantsInTheLog()).as("one grant 0, however often it was asked for").isEqualTo(1);
  }

  private long grantsInTheLog() throws Exception {
    String type = Statements.GRANT.payloadType();
    try (Connection c =
            DriverManager.getConnection("jdbc:sqlite:" + world.folder.resolve("custodian.db"));
        Statement s = c.createStatement();
        ResultSet r =
            s.executeQuery("SELECT COUNT(*) FROM log_entry WHERE body LIKE '%" + type + "%'")) {
      return r.getLong(1);
    }
  }

  @Tag("AR-12")
  @Tag("D22")
  @Tag("D23")
  @Test
  void evidenceOfTheSimulationIsNothingToAProductionCustodian() throws Exception {
    world.stop();
    world.start(PinnedAnchors.ANCHORS);
    Enclave e = world.enclave().challenged();
    world.assertRefused(
        e.attest(), e.evidence.hash(), "evidence-rejected:chain", Problem.Action.STOP);
  }

  @Test
  void anotherBorrowersMachineCannotBeNamed() {
    Owner other = new Owner(world.owner.now, 1);
    Signed<Borrower> claim =
        Dsse.sign(
            Statements.BORROWER,
            new Borrower(
                other.borrowerId,
                "Another",
                other.bk.key(),
                List.of(new Borrower.Platform(world.chip.platformId(), Tier.A)),
                other.now,
                List.of()),
            world.owner.approver);
    World.Answer answer = world.post("/v1/borrowers", claim.envelope());
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).contains("machines of this borrower only");
  }

  /** The final of an enclave that stopped before it took grant 0 (protocol §6.4). */
  private static Signed<Final> neverTookGrantZero(Enclave e) {
    return Dsse.sign(
        Statements.FINAL,
        new Final(
            e.world.leaseId(),
            e.id,
            1,
            1,
            1,
            e.evidence.hash(),
            e.evidence.hash(),
            Owner.out(0),
            Final.Reason.LOAD_FAILED,
            0,
            0,
            0,
            0,
            Final.Wiped.YES),
        e.ik);
  }

  private void assertRejected(Enclave e, Map<String, ?> bent, String name) {
    World.Answer answer = e.attest((EvidenceStatement s) -> Bends.with(s, bent));
    world.assertRefused(answer, e.evidence.hash(), name, Problem.Action.STOP);
  }
}
