package dev.leasehold.custodian.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.testkit.time.ManualClock;
import dev.leasehold.testkit.vendor.Answer;
import dev.leasehold.testkit.vendor.FakePcs;
import dev.leasehold.testkit.vendor.FakeVendor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Genuine statements of Intel, served as Intel serves them, under Intel's own root. */
class IntelTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors", "tdx");
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String FMSPC = "90c06f000000";
  private static final IntelItem.TcbInfos TCB =
      new IntelItem.TcbInfos(IntelItem.Technology.TDX, new HexBytes(FMSPC), IntelUpdate.STANDARD);
  private static final IntelItem.QuotingEnclave QE =
      new IntelItem.QuotingEnclave(IntelItem.Technology.TDX, IntelUpdate.STANDARD);
  private static final List<Need> NEEDS =
      List.of(
          new Need(new IntelItem.PckRevocations(IntelItem.Authority.PLATFORM), true),
          new Need(new IntelItem.RootRevocations(), true),
          new Need(TCB, true),
          new Need(QE, true));
  private static final String TCB_TARGET = FakePcs.tcbTarget("tdx", FMSPC, "update=standard");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOW.toEpochMilli());
  private FakeVendor vendor;
  private Json.Obj genuine;
  private Library library;

  @BeforeEach
  void open() throws Exception {
    assumeThat(FOLDER).as("vectors are not here: set leasehold.shared").isDirectory();
    genuine = read("90c0-eval18-2026-02.coll.json");
    vendor = FakeVendor.start();
    serve(genuine);
    library = library();
  }

  @AfterEach
  void close() {
    library.close();
    vendor.close();
  }

  private Library library() throws Exception {
    URI here = vendor.uri();
    Sources sources = new Sources(here, here, here.resolve("/root.der"), here, here, false);
    return Library.open(
        CollateralConfig.offline(folder).asking(sources),
        PinnedAnchors.ANCHORS,
        clock,
        new PassingTime(clock));
  }

  private void serve(Json.Obj from) throws Exception {
    new FakePcs(vendor)
        .serve(TCB_TARGET, tcbInfo(from))
        .serve(
            FakePcs.identityTarget("tdx", "update=standard"),
            FakePcs.identity(
                text(from, "qe_identity"),
                text(from, "qe_identity_signature"),
                text(from, "qe_identity_issuer_chain")))
        .serve(
            FakePcs.listTarget("platform"),
            FakePcs.list(
                Hex.decode("pck_crl", text(from, "pck_crl")), text(from, "pck_crl_issuer_chain")))
        .serve("/root.der", Answer.of(Hex.decode("root_ca_crl", text(from, "root_ca_crl"))));
  }

  private static Answer tcbInfo(Json.Obj from) {
    return FakePcs.tcbInfo(
        text(from, "tcb_info"),
        text(from, "tcb_info_signature"),
        text(from, "tcb_info_issuer_chain"));
  }

  private static Json.Obj read(String name) throws Exception {
    return ApiJson.parse(name, Files.readAllBytes(FOLDER.resolve(name)), 1 << 20);
  }

  private static String text(Json.Obj o, String field) {
    return ((Json.Str) o.get(field).orElseThrow()).value();
  }

  @Test
  void allThatAQuoteNeedsIsFetchedOnceAndServesAfterARestart() throws Exception {
    for (int i = 0; i < 2; i++) {
      Supply supply = library.supply(Collateral.NONE, NEEDS);
      assertThat(supply.awaited()).isEmpty();
      assertThat(supply.collateral().revocations()).hasSize(2);
      assertThat(supply.collateral().tcbInfos()).hasSize(1);
      assertThat(supply.collateral().qeIdentities()).hasSize(1);
      assertThat(
              supply
                  .collateral()
                  .tcbInfos()
                  .getFirst()
                  .fault(PinnedAnchors.ANCHORS, supply.collateral().revocations(), NOW))
          .isEmpty();
      library.close();
      library = library();
    }
    assertThat(vendor.requests()).hasSize(4);
    assertThat(library.holdings())
        .filteredOn(h -> h.name().equals(TCB.id()))
        .singleElement()
        .satisfies(h -> {
          assertThat(h.edition()).startsWith("number 18 of 2026-02-18");
          assertThat(h.expiresAt()).contains(Instant.parse("2026-03-20T10:58:51Z"));
        });
  }

  @Test
  void theRootsListMayComeAsACachingServiceServesIt() {
    vendor.serve(
        "/root.der", Answer.of(text(genuine, "root_ca_crl").getBytes(StandardCharsets.US_ASCII)));
    assertThat(library.supply(Collateral.NONE, NEEDS).awaited()).isEmpty();
  }

  @Test
  void aStatementWithoutItsIssuersIsNone() {
    vendor.serve(TCB_TARGET, Answer.of(tcbInfo(genuine).body()));
    assertThat(library.supply(Collateral.NONE, NEEDS).awaited())
        .singleElement()
        .asString()
        .contains(TCB.id())
        .contains("TCB-Info-Issuer-Chain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8060-eval17-2025-10.coll.json", "90c0-eval18-2025-02.coll.json"})
  void anotherPlatformsOrAnExpiredStatementIsNotTheAnswer(String other) throws Exception {
    vendor.serve(TCB_TARGET, tcbInfo(read(other)));
    assertThat(library.supply(Collateral.NONE, NEEDS).awaited())
        .singleElement()
        .asString()
        .contains(TCB.id());
  }

  @Test
  void theOtherIssueIsNotTheOneAskedFor() {
    IntelItem.TcbInfos seventeen =
        new IntelItem.TcbInfos(TCB.technology(), TCB.fmspc(), new IntelUpdate("17"));
    vendor.serve(FakePcs.tcbTarget("tdx", FMSPC, "tcbEvaluationDataNumber=17"), tcbInfo(genuine));
    assertThat(library.supply(Collateral.NONE, List.of(new Need(seventeen, true))).awaited())
        .singleElement()
        .asString()
        .contains("of evaluation 18");
  }

  @Test
  void noByteOfAStatementMayChange() {
    byte[] body = tcbInfo(genuine).body();
    assertThat(library.supply(Collateral.NONE, NEEDS).awaited()).isEmpty();
    for (int i = 0; i < body.length; i += 97) {
      vendor.serve(TCB_TARGET, tcbInfo(genuine).flipped(i));
      clock.advance(Duration.ofMinutes(30).toMillis());
      IntelItem.TcbInfos early =
          new IntelItem.TcbInfos(TCB.technology(), TCB.fmspc(), new IntelUpdate("early"));
      vendor.serve(FakePcs.tcbTarget("tdx", FMSPC, "update=early"), tcbInfo(genuine).flipped(i));
      assertThat(library.supply(Collateral.NONE, List.of(new Need(early, true))).awaited())
          .as("byte %d", i)
          .hasSize(1);
    }
  }

  @Test
  void afterItsEndItIsNotServed() {
    assertThat(library.supply(Collateral.NONE, NEEDS).awaited()).isEmpty();
    clock.advance(Duration.ofDays(20).toMillis());
    Supply supply = library.supply(Collateral.NONE, NEEDS);
    assertThat(supply.collateral().tcbInfos()).isEmpty();
    assertThat(supply.awaited()).anyMatch(r -> r.startsWith(TCB.id()));
  }
}
