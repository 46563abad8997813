package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.custodian.collateral.CollateralConfig;
import dev.leasehold.custodian.collateral.Sources;
import dev.leasehold.testkit.dcap.DcapFlaw;
import dev.leasehold.testkit.dcap.DcapForger;
import dev.leasehold.testkit.dcap.DcapForgery;
import dev.leasehold.testkit.dcap.DcapRequest;
import dev.leasehold.testkit.dcap.QuoteForm;
import dev.leasehold.testkit.dcap.SimulatedIntel;
import dev.leasehold.testkit.vendor.Answer;
import dev.leasehold.testkit.vendor.FakePcs;
import dev.leasehold.testkit.vendor.FakeVendor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A lease on Intel TDX: the same enrolment, another vendor's hardware (protocol §6.2). */
class TdxEnrolmentTest {
  private static final String BEGIN = "-----BEGIN ";
  private static final Pattern STATEMENT =
      Pattern.compile("\\{\"[A-Za-z]+\":(\\{.*}),\"signature\":\"([0-9a-f]+)\"}");

  private final SimulatedIntel intel = SimulatedIntel.create();
  private final DcapForger forger = new DcapForger(intel);

  @TempDir Path folder;
  private String pckIssuers = "";
  private World world;

  @BeforeEach
  void lendToATdxMachine() throws Exception {
    world = new World(folder);
    world.stop();
    world.start(intel.anchors());
    Owner owner = world.owner;
    world.register("rosters", world.roster.envelope());
    world.register(
        "measurements", Dsse.sign(Statements.MEASUREMENTS, accepted(), owner.quorum()).envelope());
    world.register(
        "borrowers",
        owner.borrower(owner.now, new Borrower.Platform(machine(), Tier.B)).envelope());
    world.modelPackage = owner.modelPackage();
    world.register("packages", world.modelPackage.envelope());
    assertThat(world.importDek(owner.dek).status()).isEqualTo(204);
    world.lease = owner.sign(owner.lease(world.modelPackage.hash()));
    world.register("leases", world.lease.envelope());
  }

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = QuoteForm.class,
      names = {"TDX_V4", "TDX_V5_TD_1_0", "TDX_V5_TD_1_5"})
  void aTrustDomainGetsTheKey(QuoteForm form) throws Exception {
    Enclave e = world.enclave().challenged();
    Bundles.EnrolmentReply reply =
        e.attest(post(e, DcapFlaw.NONE, form)).as(Bundles.EnrolmentReply.class);
    assertThat(e.openKey(reply)).isEqualTo(world.owner.dek);
    AppraisalStatement a = e.own(Statements.APPRAISAL, reply.appraisal()).body();
    assertThat(a.tee()).isEqualTo(Tee.TDX);
    assertThat(a.platformId()).startsWith("tdx:");
    assertThat(a.tcb().status()).isEqualTo("UpToDate");
    assertThat(a.claims())
        .extracting(c -> c.claim())
        .contains("tdx-module", "rtmr0", "report-data");
  }

  @Tag("AR-05")
  @ParameterizedTest
  @CsvSource({
    "TD_DEBUG, debug",
    "TD_MIGRATABLE, migration",
    "TD_SERVICE_DOMAIN, service-td",
    "PLATFORM_OUT_OF_DATE, tcb",
    "MODULE_OUT_OF_DATE, tcb"
  })
  void eachFlawOfTheHardwareIsRefusedByItsName(DcapFlaw flaw, String claim) throws Exception {
    Enclave e = world.enclave().challenged();
    World.Answer answer = e.attest(post(e, flaw, QuoteForm.TDX_V5_TD_1_5));
    Problem p = world.problem(answer, e.evidence.hash());
    assertThat(p.name()).isEqualTo("evidence-rejected:" + claim);
    assertThat(p.action()).isEqualTo(Problem.Action.STOP);
  }

  @Tag("AR-08")
  @Test
  void whatIntelOnceSaidAndTheHostStillSaysDecidesNothing() throws Exception {
    Enclave e = world.enclave().challenged();
    post(e, DcapFlaw.NONE, QuoteForm.TDX_V5_TD_1_5);
    List<byte[]> once = List.of(taken("tcb-info"), taken("qe-identity"), taken("pck-list"));
    Bundles.EvidencePost post = post(e, DcapFlaw.PLATFORM_OUT_OF_DATE, QuoteForm.TDX_V5_TD_1_5);
    for (byte[] old : once) {
      World.Answer answer =
          e.attest(
              new Bundles.EvidencePost(
                  post.evidence(), Tee.TDX, post.quote(), List.of(Bytes.of(old)), List.of()));
      assertThat(answer.status()).as("only certificates are taken from a host").isEqualTo(400);
      assertThat(answer.text()).contains("certs");
    }
    Problem p = world.problem(e.attest(post), e.evidence.hash());
    assertThat(p.name()).isEqualTo("evidence-rejected:tcb");
    assertThat(World.outputTokens(world.view(), "reserved")).isZero();
  }

  @Test
  void aQuoteOfAnotherStatementIsRefused() throws Exception {
    Enclave e = world.enclave().challenged();
    Bundles.EvidencePost first = post(e, DcapFlaw.NONE, QuoteForm.TDX_V4);
    e.sk = HpkeKeyPair.generate();
    Bundles.EvidencePost second = post(e, DcapFlaw.NONE, QuoteForm.TDX_V4);
    World.Answer answer =
        e.attest(
            new Bundles.EvidencePost(
                second.evidence(), Tee.TDX, first.quote(), List.of(), List.of()));
    assertThat(world.problem(answer, e.evidence.hash()).name())
        .isEqualTo("evidence-rejected:report-data");
  }

  @Test
  void whatTheCustodianWasNotGivenIsFetchedFromIntel() throws Exception {
    try (FakeVendor vendor = FakeVendor.start()) {
      Sources sources =
          new Sources(
              vendor.uri(),
              vendor.uri(),
              vendor.uri().resolve("/root.der"),
              vendor.uri(),
              vendor.uri(),
              false);
      world.restartedWith(c ->
          c.with(
              CollateralConfig.offline(c.folder())
                  .asking(sources)
                  .waiting(Duration.ofSeconds(20))));
      world.stop();
      world.start(intel.anchors());
      Enclave e = world.enclave().challenged();
      Bundles.EvidencePost post = post(e, DcapFlaw.NONE, QuoteForm.TDX_V5_TD_1_5);
      moveTo(new FakePcs(vendor));
      assertThat(e.openKey(e.attest(post).as(Bundles.EnrolmentReply.class)))
          .isEqualTo(world.owner.dek);
      assertThat(world.get("/metrics").text()).contains("kind=\"fetched\",item=\"intel/");
    }
  }

  /** From the custodian's folder to Intel's service, which serves it in its own way. */
  private void moveTo(FakePcs pcs) throws Exception {
    String fmspc =
        CollateralFile.read("tcb-info", taken("tcb-info")).tcbInfos().getFirst().fmspc().hex();
    String issuers = text("issuers");
    Matcher tcb = STATEMENT.matcher(text("tcb-info"));
    Matcher enclave = STATEMENT.matcher(text("qe-identity"));
    assertThat(tcb.matches() && enclave.matches()).isTrue();
    pcs.serve(
            FakePcs.tcbTarget("tdx", fmspc, "update=standard"),
            FakePcs.tcbInfo(tcb.group(1), tcb.group(2), issuers))
        .serve(
            FakePcs.identityTarget("tdx", "update=standard"),
            FakePcs.identity(enclave.group(1), enclave.group(2), issuers))
        .serve(FakePcs.listTarget("platform"), FakePcs.list(taken("pck-list"), pckIssuers))
        .serve("/root.der", Answer.of(Hex.decode("root-list", text("root-list"))));
    for (String file : List.of("tcb-info", "qe-identity", "issuers", "pck-list", "root-list")) {
      Files.delete(world.folder.resolve("collateral").resolve(file));
    }
  }

  private byte[] taken(String file) throws IOException {
    return Files.readAllBytes(world.folder.resolve("collateral").resolve(file));
  }

  private String text(String file) throws IOException {
    return new String(taken(file), StandardCharsets.UTF_8).strip();
  }

  private Bundles.EvidencePost post(Enclave e, DcapFlaw flaw, QuoteForm form) throws IOException {
    e.evidence = Dsse.sign(Statements.EVIDENCE, e.statement(), e.ik);
    DcapForgery forged = forge(flaw, form, ReportData.binding(e.evidence.hash()));
    return new Bundles.EvidencePost(
        e.evidence.envelope(), Tee.TDX, forged.quote(), List.of(), List.of());
  }

  /** The custodian holds what Intel would say about this machine now. */
  private DcapForgery forge(DcapFlaw flaw, QuoteForm form, ReportData reportData)
      throws IOException {
    // Intel's statements name whole seconds.
    Instant now = world.clock.instant().truncatedTo(ChronoUnit.SECONDS);
    DcapForgery forged =
        forger.forge(flaw, new DcapRequest(form, reportData, Owner.MEASUREMENT), now);
    String chain = new String(forged.quote().toArray(), StandardCharsets.ISO_8859_1);
    pckIssuers = chain.substring(chain.indexOf(BEGIN, chain.indexOf(BEGIN) + 1)).strip();
    Path collateral = world.folder.resolve("collateral");
    for (Map.Entry<String, Bytes> file : forged.collateralFiles().entrySet()) {
      Files.write(collateral.resolve(file.getKey()), file.getValue().toArray());
    }
    return forged;
  }

  private String machine() throws Exception {
    DcapForgery any =
        forge(DcapFlaw.NONE, QuoteForm.TDX_V4, ReportData.of(new byte[ReportData.BYTES]));
    Verdict verdict =
        Verifier.verify(any.evidence(), any.collateral(), intel.anchors(), world.clock.instant());
    assertThat(verdict).isInstanceOf(Verdict.Genuine.class);
    return ((EnvironmentClaims) ((Verdict.Genuine) verdict).claims()).platformId();
  }

  private Measurements accepted() {
    return new Measurements(
        world.owner.setId,
        1,
        Optional.empty(),
        0,
        List.of(
            new Measurements.Entry(
                Tee.TDX,
                Owner.MEASUREMENT,
                "leasehold-enclave/test",
                Owner.CONFIG,
                HexBytes.EMPTY,
                Collections.nCopies(4, "*"))),
        new Measurements.Policy(
            List.of(), Map.of(), 0, List.of("UpToDate"), List.of(), true, false, true, 604_800_000),
        world.owner.now,
        List.of());
  }
}
