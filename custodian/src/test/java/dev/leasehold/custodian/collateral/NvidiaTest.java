package dev.leasehold.custodian.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.nvidia.NvidiaClaims;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.testkit.nvidia.NvidiaFlaw;
import dev.leasehold.testkit.nvidia.NvidiaForger;
import dev.leasehold.testkit.nvidia.NvidiaForgery;
import dev.leasehold.testkit.nvidia.SimulatedNvidia;
import dev.leasehold.testkit.pki.OcspFlaw;
import dev.leasehold.testkit.time.ManualClock;
import dev.leasehold.testkit.vendor.Answer;
import dev.leasehold.testkit.vendor.FakeNvidia;
import dev.leasehold.testkit.vendor.FakeVendor;
import dev.leasehold.testkit.vendor.FakeVendor.Mishap;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a GPU's report takes, from NVIDIA's two services on good days and bad. */
class NvidiaTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Nonce NONCE = new Nonce("5a".repeat(32));
  private static final SimulatedNvidia NVIDIA = SimulatedNvidia.create();
  private static final NvidiaForgery GPU =
      new NvidiaForger(NVIDIA).forge(NvidiaFlaw.NONE, NONCE, START);
  private static final String DRIVER = "NV_GPU_DRIVER_GH100_550.90.07";
  private static final String VBIOS = "NV_GPU_VBIOS_1010_0200_882_96009F0001";

  /** Identity, provisioner and BROM; L2 and L3 of reference values, and the signer of each. */
  private static final int CERTIFICATES = 7;

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(START.toEpochMilli());
  private FakeVendor vendor;
  private FakeNvidia nvidia;
  private Library library;

  @BeforeEach
  void open() throws Exception {
    vendor = FakeVendor.start();
    nvidia = new FakeNvidia(NVIDIA, vendor, clock).serve(GPU);
    library = library(false, NVIDIA.anchors());
  }

  @AfterEach
  void close() {
    library.close();
    vendor.close();
  }

  private Library library(boolean cached, Anchors anchors) throws Exception {
    URI here = vendor.uri();
    Sources sources = new Sources(here, here, here, here, here.resolve(FakeNvidia.OCSP), cached);
    return Library.open(
        CollateralConfig.offline(folder).asking(sources), anchors, clock, new PassingTime(clock));
  }

  private Library offline(String name) throws Exception {
    return Library.open(CollateralConfig.offline(folder.resolve(name)), NVIDIA.anchors(), clock);
  }

  private static NvidiaEvidence evidence() throws Exception {
    return GPU.evidence();
  }

  private static X509Certificate brom() {
    return NVIDIA.device().getLast().certificate();
  }

  private static Item.Asked status(X509Certificate c) {
    return new NvidiaItem.Status(Certificates.fingerprint(c));
  }

  private Verdict verdict(Collateral held) throws Exception {
    return Verifier.verify(evidence(), held, NVIDIA.anchors(), clock.instant());
  }

  private Collateral complete(Library from) throws Exception {
    Supply supply = from.supply(evidence());
    assertThat(supply.awaited()).isEmpty();
    assertThat(supply.collateral().ocspAnswers()).hasSize(CERTIFICATES);
    assertThat(verdict(supply.collateral()))
        .isInstanceOfSatisfying(
            Verdict.Genuine.class,
            g -> {
              NvidiaClaims claims = (NvidiaClaims) g.claims();
              assertThat(claims.clearedAt()).isPresent();
              assertThat(claims.driverRim().orElseThrow().clearedAt()).isPresent();
              assertThat(claims.vbiosRim().orElseThrow().clearedAt()).isPresent();
            });
    return supply.collateral();
  }

  private String refusedFor(Collateral held) throws Exception {
    return ((Verdict.Refused) verdict(held)).refusal().claim();
  }

  private List<String> awaited() throws Exception {
    return library.supply(evidence()).awaited();
  }

  private void renew() {
    library.renew().forEach(CompletableFuture::join);
  }

  private Holding holding(Item item) {
    return library.holdings().stream()
        .filter(h -> h.name().equals(item.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allThatAReportTakesIsAskedForOnceAndServesAfterARestart() throws Exception {
    for (int i = 0; i < 2; i++) {
      complete(library);
      complete(library);
      library.close();
      library = library(false, NVIDIA.anchors());
    }
    assertThat(vendor.requests()).hasSize(2 + CERTIFICATES);
    assertThat(vendor.requests(FakeNvidia.OCSP)).hasSize(CERTIFICATES);
    assertThat(holding(status(brom())).expiresAt())
        .contains(START.minusSeconds(3_600).plus(Duration.ofDays(1)));
    assertThat(holding(new NvidiaItem.ReferenceValues(DRIVER)).expiresAt())
        .contains(brom().getNotAfter().toInstant());
  }

  @Test
  void itIsCarriedToACustodianThatAsksNobody() throws Exception {
    complete(library);
    Path bundle = folder.resolve("bundle.zip");
    library.exportTo(bundle);
    try (Library far = offline("far")) {
      assertThat(far.supply(evidence()).collateral().ocspAnswers()).isEmpty();
      assertThat(far.importFrom(bundle)).hasSize(2 + 2 * CERTIFICATES);
      complete(far);
    }
    try (Library other =
        Library.open(
            CollateralConfig.offline(folder.resolve("other")),
            SimulatedNvidia.create().anchors(),
            clock)) {
      assertThatThrownBy(() -> other.importFrom(bundle))
          .isInstanceOfSatisfying(
              BundleRefused.class, e -> assertThat(e.reasons()).hasSize(2 + 2 * CERTIFICATES));
      assertThat(other.holdings()).isEmpty();
    }
  }

  @Test
  void whatIsGivenByHandIsNotWaitedFor() throws Exception {
    Path hand = Files.createDirectories(folder.resolve("collateral"));
    int n = 0;
    for (OcspAnswer answer : GPU.answers()) {
      Files.write(hand.resolve(n++ + ".der"), answer.encoded());
    }
    for (NvidiaRim rim : GPU.collateral().rims()) {
      Files.write(hand.resolve(n++ + ".json"), FakeNvidia.rim("by hand", rim).body());
    }
    vendor.close();
    assertThat(awaited()).isEmpty();
    assertThat(library.holdings())
        .filteredOn(Holding::given)
        .allMatch(h -> h.expiresAt().isPresent());
    assertThat(verdict(library.supply(evidence()).collateral()))
        .isInstanceOf(Verdict.Genuine.class);
  }

  /** Nothing that its signer or its dates do not vouch for enters the cache. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "UNSUCCESSFUL",
        "NO_NEXT_UPDATE",
        "HASHED_WITH_SHA1",
        "ANOTHER_SERIAL",
        "RESPONDER_MISSING",
        "RESPONDER_WITHOUT_PURPOSE",
        "RESPONDER_EXPIRED",
        "RESPONDER_OF_ANOTHER_ISSUER",
        "SIGNED_BY_ANOTHER_KEY",
        "EXPIRED",
        "OF_THE_FUTURE"
      })
  void anAnswerThatIsNotTheRespondersIsNotKept(OcspFlaw flaw) throws Exception {
    nvidia.answer(brom(), flaw);
    Need need = need(brom());
    Supply supply = library.supply(Collateral.NONE, List.of(need));
    assertThat(supply.awaited())
        .singleElement()
        .asString()
        .startsWith(need.item().id())
        .contains(flaw.expected().equals(OcspFlaw.MALFORMED) ? "to be" : flaw.expected());
    assertThat(supply.collateral().ocspAnswers()).isEmpty();
    assertThat(library.counters().get(Source.NVIDIA_OCSP, Counters.Result.REFUSED)).isPositive();
    nvidia.answer(brom(), OcspFlaw.NONE);
    clock.advance(Duration.ofMinutes(11).toMillis());
    complete(library);
  }

  private static Need need(X509Certificate subject) throws Exception {
    Item.Asked status = status(subject);
    return Needs.of(evidence(), Collateral.NONE, NVIDIA.anchors(), IntelUpdate.STANDARD, START)
        .stream()
        .filter(n -> n.item().equals(status))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(names = {"REVOKED", "REVOKED_WITHOUT_REASON", "ON_HOLD", "UNKNOWN"})
  void aRespondersWordIsKeptWhicheverItIs(OcspFlaw flaw) throws Exception {
    nvidia.answer(brom(), flaw);
    Supply supply = library.supply(evidence());
    assertThat(supply.awaited()).isEmpty();
    assertThat(refusedFor(supply.collateral())).isEqualTo("ocsp");
    assertThat(vendor.requests(FakeNvidia.OCSP)).hasSize(CERTIFICATES);
  }

  @Test
  void aRevocationReplacesWhatWasGoodAndIsNotTakenBackByIt() throws Exception {
    complete(library);
    Path before = folder.resolve("before.zip");
    library.exportTo(before);
    nvidia.answer(brom(), OcspFlaw.REVOKED);
    clock.advance(Duration.ofHours(17).toMillis());
    renew();
    assertThat(refusedFor(library.supply(evidence()).collateral())).isEqualTo("ocsp");
    assertThat(library.importFrom(before)).doesNotContain(status(brom()).id());
    assertThat(refusedFor(library.supply(evidence()).collateral())).isEqualTo("ocsp");
  }

  @Test
  void answersAreRenewedBeforeTheyEndWithoutTheEvidence() throws Exception {
    complete(library);
    library.close();
    library = library(false, NVIDIA.anchors());
    clock.advance(Duration.ofHours(17).toMillis());
    renew();
    assertThat(vendor.requests(FakeNvidia.OCSP)).hasSize(2 * CERTIFICATES);
    assertThat(holding(status(brom())).expiresAt()).contains(START.plus(Duration.ofHours(40)));
  }

  @Test
  void aResponderThatIsDownIsNotMissedUntilItsAnswersEnd() throws Exception {
    complete(library);
    vendor.close();
    clock.advance(Duration.ofHours(22).toMillis());
    renew();
    complete(library);
    assertThat(holding(status(brom())).trouble()).isPresent();
    clock.advance(Duration.ofHours(2).toMillis());
    Supply late = library.supply(evidence());
    assertThat(late.collateral().ocspAnswers()).isEmpty();
    assertThat(late.collateral().rims()).hasSize(2);
    assertThat(late.awaited()).hasSize(CERTIFICATES).allMatch(r -> r.startsWith("nvidia/ocsp/"));
  }

  @Test
  void anOldAnswerIsNoAnswerToThisQuestion() throws Exception {
    nvidia.repeat(FakeNvidia.Repeating.NO_NONCE);
    assertThat(awaited()).isNotEmpty().allMatch(r -> r.contains("without a nonce"));
    clock.advance(Duration.ofMinutes(11).toMillis());
    nvidia.repeat(FakeNvidia.Repeating.ANOTHER_NONCE);
    assertThat(awaited()).isNotEmpty().allMatch(r -> r.contains("that repeats"));
    clock.advance(Duration.ofMinutes(11).toMillis());
    nvidia.repeat(FakeNvidia.Repeating.THE_NONCE);
    complete(library);
  }

  @Test
  void aCacheOfOnesOwnNeedNotRepeatANonce() throws Exception {
    library.close();
    library = library(true, NVIDIA.anchors());
    nvidia.repeat(FakeNvidia.Repeating.NO_NONCE);
    complete(library);
  }

  @Test
  void troubleOfTheResponderPasses() throws Exception {
    vendor.instead(FakeNvidia.OCSP, Answer.throttled("2"), Answer.status(503));
    complete(library);
  }

  @Test
  void troubleOfTheServiceOfReferenceValuesPasses() throws Exception {
    vendor
        .instead(FakeNvidia.rimTarget(VBIOS), Answer.page())
        .mishaps(FakeNvidia.rimTarget(DRIVER), new Mishap.CloseAfter(100), new Mishap.Flood());
    complete(library);
  }

  @Test
  void noByteOfReferenceValuesMayChange() throws Exception {
    NvidiaItem.ReferenceValues item = new NvidiaItem.ReferenceValues(DRIVER);
    Answer genuine = driver();
    Prover prover = new Prover(NVIDIA.anchors());
    int length = genuine.body().length;
    int kept = 0;
    for (int i = 0; i < length; i += 997) {
      kept += proves(prover, item, genuine.flipped(i)) ? 1 : 0;
    }
    // The frame around the values is nobody's word: its dates and its checksum may be anything.
    assertThat(kept).isLessThan(3);
    assertThat(proves(prover, item, genuine)).isTrue();
    assertThat(proves(prover, item, genuine.cut(length - 1))).isFalse();
  }

  private static Answer driver() throws Exception {
    return FakeNvidia.rim(
        DRIVER,
        GPU.collateral().rims().stream().filter(r -> r.isNamed(DRIVER)).findFirst().orElseThrow());
  }

  private static boolean proves(Prover prover, Item item, Answer answer) {
    try {
      prover.prove(item, new Entry.Answer(answer.content(), ""), Optional.empty(), START);
      return true;
    } catch (Unproven e) {
      return false;
    }
  }

  @Test
  void theValuesOfAnotherAreNotTheAnswer() throws Exception {
    vendor.serve(FakeNvidia.rimTarget(VBIOS), driver());
    assertThat(awaited())
        .singleElement()
        .asString()
        .startsWith("nvidia/rim/" + VBIOS)
        .contains(DRIVER);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "RIM_UNDER_AN_UNPINNED_ROOT",
        "RIM_SIGNER_EXPIRED",
        "RIM_CHANGED_AFTER_SIGNING",
        "RIM_SIGNED_BY_ANOTHER_KEY",
        "RIM_OF_ANOTHER_MANUFACTURER",
        "DRIVER_RIM_OF_ANOTHER_VERSION"
      })
  void valuesThatAreNotNvidiasAreNotKept(NvidiaFlaw flaw) throws Exception {
    NvidiaForgery forged = new NvidiaForger(NVIDIA).forge(flaw, NONCE, START);
    vendor.serve(
        FakeNvidia.rimTarget(DRIVER), FakeNvidia.rim(DRIVER, forged.collateral().rims().getLast()));
    assertThat(awaited()).singleElement().asString().startsWith("nvidia/rim/" + DRIVER);
    assertThat(library.counters().get(Source.NVIDIA_RIM, Counters.Result.REFUSED)).isPositive();
  }

  @Test
  void valuesThatTheServiceDoesNotHaveAreNotWaitedFor() throws Exception {
    vendor.remove(FakeNvidia.rimTarget(DRIVER));
    Supply supply = library.supply(evidence());
    assertThat(supply.awaited()).isEmpty();
    assertThat(refusedFor(supply.collateral())).isEqualTo("driver-rim");
  }

  @Test
  void nobodyIsAskedAboutCertificatesThatReachNoPinnedRoot() throws Exception {
    library.close();
    library = library(false, SimulatedNvidia.create().anchors());
    assertThat(awaited()).hasSize(2).allMatch(r -> r.startsWith("nvidia/rim/"));
    assertThat(vendor.requests(FakeNvidia.OCSP)).isEmpty();
  }
}
