package dev.leasehold.custodian.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.vendor.Answer;
import dev.leasehold.testkit.vendor.FakeKds;
import dev.leasehold.testkit.vendor.FakeVendor.Mishap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked, what is served and what stays, with a vendor on good days and bad. */
class LibraryTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void open() throws Exception {
    rig = new Rig(folder);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aBareReportNeedsThreeThingsAndEachIsAskedForOnce() throws Exception {
    rig.complete();
    rig.complete();
    rig.restart().complete();
    assertThat(rig.vendor.requests().stream().map(r -> r.target()))
        .containsExactlyInAnyOrder(
            rig.kds.chainTarget(), rig.kds.listTarget(), rig.kds.target(Rig.CHIP));
    try (Library offline = rig.offline()) {
      Collateral same = offline.supply(Rig.bare(Rig.CHIP)).collateral();
      assertThat(same.certificates()).isEqualTo(rig.complete().certificates());
      assertThat(same.revocations()).hasSize(1);
    }
  }

  @Test
  void whatIsGivenByHandOrSentAlongIsNotWaitedFor() throws Exception {
    Path hand = Files.createDirectories(folder.resolve("collateral"));
    Files.write(hand.resolve("list.crl"), Rig.AMD.revocations(Rig.START).encoded());
    rig.vendor.close();
    SnpEvidence complete = new SnpEvidence(Rig.bare(Rig.CHIP).report(), Rig.CHIP.certificates());
    Supply supply = rig.supply(complete);
    assertThat(supply.awaited()).isEmpty();
    assertThat(supply.collateral().revocations()).hasSize(1);
    assertThat(rig.supply().awaited()).hasSize(3).allMatch(r -> r.contains("amd-kds"));
  }

  @Test
  void anyNumberOfCallersMakeOneRequest() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    rig.vendor.mishaps(rig.kds.chainTarget(), new Mishap.Gate(gate));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Supply>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        all.add(callers.submit(() -> rig.supply()));
      }
      Awaitility.await().until(() -> rig.asked(rig.kds.chainTarget()) == 1);
      gate.countDown();
      for (Future<Supply> f : all) {
        assertThat(f.get().awaited()).isEmpty();
        assertThat(f.get().collateral().certificates()).hasSize(3);
      }
    }
    assertThat(rig.vendor.requests()).hasSize(3);
  }

  @Test
  void whatHasNotChangedIsConfirmedAndNotSentAgain() throws Exception {
    rig.filled().pass(DAY);
    rig.renew();
    assertThat(rig.vendor.requests(rig.kds.listTarget()).getLast().validator())
        .hasValue("\"" + Rig.START.getEpochSecond() + "\"");
    assertThat(rig.library.counters().get(Source.AMD_KDS, Counters.Result.UNCHANGED)).isOne();
    assertThat(rig.holding(Rig.list()).fetchedAt()).contains(Rig.START.plus(DAY));
    rig.restart().renew();
    assertThat(rig.asked(rig.kds.listTarget())).isEqualTo(2);
    assertThat(rig.asked(rig.kds.target(Rig.CHIP))).isOne();
  }

  @Test
  void aNewerIssueReplacesWhatIsHeldAndAnOlderOneNever() throws Exception {
    rig.filled().pass(DAY);
    rig.vendor.serve(rig.kds.listTarget(), rig.kds.list(Rig.START.plus(DAY)));
    rig.renew();
    assertThat(rig.listDate()).isEqualTo(Rig.START.plus(DAY));
    rig.pass(DAY);
    rig.vendor.serve(rig.kds.listTarget(), rig.kds.list(Rig.START));
    rig.renew();
    assertThat(rig.library.counters().get(Source.AMD_KDS, Counters.Result.OLDER)).isOne();
    assertThat(rig.listDate()).isEqualTo(Rig.START.plus(DAY));
    assertThat(rig.holding(Rig.list()).trouble().orElseThrow()).contains("older");
    assertThat(rig.restart().listDate()).isEqualTo(Rig.START.plus(DAY));
  }

  @Tag("D19")
  @Test
  void itIsRenewedBeforeItEndsWhileItStillServes() throws Exception {
    rig.filled();
    rig.vendor.remove(rig.kds.listTarget());
    for (int day = 1; day <= 89; day++) {
      rig.pass(DAY);
      rig.renew();
      rig.complete();
    }
    rig.vendor.serve(rig.kds.listTarget(), rig.kds.list(Rig.START.plus(Duration.ofDays(80))));
    rig.pass(Duration.ofHours(1));
    rig.complete();
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(rig.listDate()).isEqualTo(Rig.START.plus(Duration.ofDays(80))));
  }

  @Test
  void aVendorThatIsDownIsNotMissedUntilWhatIsHeldExpires() throws Exception {
    rig.filled();
    rig.vendor.close();
    rig.pass(Duration.ofDays(89));
    rig.renew();
    rig.complete();
    assertThat(rig.holding(Rig.list()).trouble()).isPresent();
    rig.restart().complete();
    rig.pass(Duration.ofDays(2));
    assertThat(rig.supply().collateral().revocations()).isEmpty();
    assertThat(rig.supply().awaited()).singleElement().asString().startsWith("amd/genoa/crl: ");
    assertThat(rig.holding(Rig.list()).expiresAt()).isEmpty();
    assertThat(rig.restart().supply().collateral().revocations()).isEmpty();
  }

  @Test
  void aServiceThatAsksForPatienceGetsIt() {
    rig.vendor.instead(rig.kds.chainTarget(), Answer.throttled("3"));
    rig.complete();
    assertThat(rig.asked(rig.kds.chainTarget())).isEqualTo(2);
    assertThat(rig.pauses).anyMatch(d -> d.compareTo(Duration.ofSeconds(3)) >= 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "Sun, 01 Mar 2026 00:01:00 GMT"})
  void nobodyIsHeldUpByAServiceThatWantsToBeLeftAloneForLong(String retryAfter) {
    rig.vendor.instead(rig.kds.chainTarget(), Answer.throttled(retryAfter));
    assertThat(rig.supply().awaited()).hasSize(3).allMatch(r -> r.contains("429"));
    assertThat(rig.pauses).isEmpty();
    rig.pass(Duration.ofSeconds(49));
    assertThat(rig.supply().awaited()).hasSize(3);
    assertThat(rig.vendor.requests()).hasSize(1);
    rig.pass(Duration.ofSeconds(20));
    rig.complete();
  }

  @Test
  void errorsOfTheVendorAreWaitedOutWithGrowingPauses() {
    rig.vendor.instead(
        rig.kds.chainTarget(), Answer.status(503), Answer.status(500), Answer.status(502));
    rig.complete();
    assertThat(rig.asked(rig.kds.chainTarget())).isEqualTo(4);
    assertThat(rig.library.counters().get(Source.AMD_KDS, Counters.Result.FAILED)).isEqualTo(3);
    assertThat(rig.pauses.get(2)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  /** What may be wrong with an answer that comes. */
  enum Wrong {
    REDIRECT,
    PAGE,
    EMPTY,
    GARBAGE,
    TRUNCATED,
    TAMPERED_CONTENT,
    TAMPERED_SIGNATURE,
    EXPIRED,
    OF_THE_FUTURE,
    OF_ANOTHER_AUTHORITY,
    ANOTHER_ITEM,
    DECLARED_TOO_LARGE;

    Answer of(FakeKds kds) {
      Answer good = Answer.of(kds.list(Rig.START).body());
      return switch (this) {
        case REDIRECT -> Answer.redirect(kds.chainTarget());
        case PAGE -> Answer.page();
        case EMPTY -> Answer.of(new byte[0]);
        case GARBAGE -> Answer.of("no list at all".getBytes(StandardCharsets.UTF_8));
        case TRUNCATED -> good.cut(good.body().length - 1);
        case TAMPERED_CONTENT -> good.flipped(good.body().length / 4);
        case TAMPERED_SIGNATURE -> good.flipped(good.body().length - 9);
        case EXPIRED -> kds.list(Rig.START.minus(Duration.ofDays(91)));
        case OF_THE_FUTURE -> kds.list(Rig.START.plus(DAY));
        case OF_ANOTHER_AUTHORITY ->
            Answer.of(SimulatedAmd.foreign().revocations(Rig.START).encoded());
        case ANOTHER_ITEM -> kds.chain();
        case DECLARED_TOO_LARGE -> Answer.of(new byte[(1 << 20) + 1]);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void aWrongAnswerNeverEntersAndTheNextGoodOneDoes(Wrong wrong) throws Exception {
    Answer bad = wrong.of(rig.kds);
    rig.vendor.instead(rig.kds.listTarget(), bad, bad, bad, bad);
    assertThat(rig.supply().awaited()).singleElement().asString().startsWith("amd/genoa/crl: ");
    assertThat(rig.isCached(Rig.list())).isFalse();
    rig.pass(Duration.ofMinutes(20));
    rig.complete();
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void aWrongAnswerNeverReplacesAGoodOne(Wrong wrong) throws Exception {
    byte[] held = Files.readAllBytes(rig.filled().cached(Rig.list()));
    rig.pass(DAY);
    Answer bad = wrong.of(rig.kds);
    if (wrong == Wrong.OF_THE_FUTURE) {
      bad = rig.kds.list(Rig.START.plus(DAY).plus(DAY));
    }
    rig.vendor.serve(rig.kds.listTarget(), bad);
    rig.renew();
    assertThat(rig.asked(rig.kds.listTarget())).isGreaterThan(1);
    assertThat(rig.holding(Rig.list()).trouble()).isPresent();
    assertThat(rig.listDate()).isEqualTo(Rig.START);
    assertThat(Files.readAllBytes(rig.cached(Rig.list()))).isEqualTo(held);
    assertThat(rig.restart().listDate()).isEqualTo(Rig.START);
  }

  @Test
  void noBitOfAListMayChange() throws Exception {
    rig.filled();
    Prover prover = new Prover(rig.anchors);
    Entry good = Entry.parse("entry", Files.readAllBytes(rig.cached(Rig.list())));
    Item chain = Rig.list().issuer().orElseThrow();
    Entry issuer = Entry.parse("entry", Files.readAllBytes(rig.cached(chain)));
    Optional<Proven> above =
        Optional.of(prover.prove(chain, issuer.answer(), Optional.empty(), Rig.START));
    byte[] body = good.body().toArray();
    for (int i = 0; i < body.length; i++) {
      byte[] other = Answer.of(body).flipped(i).body();
      Entry.Answer answer = new Entry.Answer(Bytes.of(other), "");
      int at = i;
      assertThat(catchThrowable(() -> prover.prove(Rig.list(), answer, above, Rig.START)))
          .as("byte %d", at)
          .isInstanceOf(Unproven.class);
    }
  }

  static List<Mishap> stalls() {
    return List.of(new Mishap.Silence(), new Mishap.HangAfter(100), new Mishap.CloseAfter(100));
  }

  @ParameterizedTest
  @MethodSource("stalls")
  void anAnswerThatDoesNotEndIsGivenUp(Mishap stall) throws Exception {
    rig.filled().pass(DAY);
    rig.answering(Duration.ofMillis(300));
    rig.vendor.serve(rig.kds.listTarget(), rig.kds.list(Rig.START.plus(DAY)));
    rig.vendor.mishaps(rig.kds.listTarget(), stall, stall, stall, stall);
    rig.renew();
    assertThat(rig.library.counters().get(Source.AMD_KDS, Counters.Result.FAILED)).isPositive();
    assertThat(rig.listDate()).isEqualTo(Rig.START);
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() {
    rig.vendor.mishaps(
        rig.kds.listTarget(),
        new Mishap.Flood(),
        new Mishap.Flood(),
        new Mishap.Flood(),
        new Mishap.Flood());
    assertThat(rig.supply().awaited()).singleElement().asString().contains("amd/genoa/crl");
    assertThat(rig.isCached(Rig.list())).isFalse();
  }

  @Test
  void whatAVendorDoesNotKnowIsNotAwaitedAndNotAskedForAgainAtOnce() {
    SimulatedChip stranger = SimulatedChip.create(Rig.AMD);
    for (int i = 0; i < 3; i++) {
      Supply supply = rig.supply(Rig.bare(stranger));
      assertThat(supply.awaited()).isEmpty();
      assertThat(supply.collateral().certificates()).hasSize(2);
    }
    assertThat(rig.asked(rig.kds.target(stranger))).isOne();
    rig.pass(Duration.ofMinutes(11));
    rig.kds.serve(stranger);
    assertThat(rig.supply(Rig.bare(stranger)).collateral().certificates()).hasSize(3);
  }

  @Test
  void anotherChipsCertificateIsNoAnswer() {
    SimulatedChip other = SimulatedChip.create(Rig.AMD);
    rig.vendor.serve(
        rig.kds.target(Rig.CHIP), Answer.of(Certificates.encoded(other.certificates().getFirst())));
    assertThat(rig.supply().awaited()).singleElement().asString().contains("another");
  }

  /** What may have become of a file in the cache. */
  enum Rot {
    EMPTY,
    TRUNCATED,
    GARBAGE,
    BIT_IN_CONTENT,
    OF_ANOTHER_ITEM,
    UNKNOWN_FIELD,
    TOO_LARGE;

    byte[] of(byte[] good, byte[] other) {
      String text = new String(good, StandardCharsets.UTF_8);
      return switch (this) {
        case EMPTY -> new byte[0];
        case TRUNCATED -> Arrays.copyOf(good, good.length / 2);
        case GARBAGE -> "{".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        case BIT_IN_CONTENT -> {
          int at = text.indexOf("\"body\":\"") + 200;
          char c = text.charAt(at) == 'A' ? 'B' : 'A';
          yield (text.substring(0, at) + c + text.substring(at + 1))
              .getBytes(StandardCharsets.UTF_8);
        }
        case OF_ANOTHER_ITEM -> other;
        case UNKNOWN_FIELD ->
            text.replace("{\"v\"", "{\"w\":1,\"v\"").getBytes(StandardCharsets.UTF_8);
        case TOO_LARGE -> new byte[Entry.MAX_BYTES + 1];
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Rot.class)
  void aSpoiltFileIsFetchedAgain(Rot rot) throws Exception {
    Path file = rig.filled().cached(Rig.list());
    byte[] other = Files.readAllBytes(rig.cached(Rig.list().issuer().orElseThrow()));
    Files.write(file, rot.of(Files.readAllBytes(file), other));
    try (Library offline = rig.offline()) {
      assertThat(offline.supply(Rig.bare(Rig.CHIP)).collateral().revocations()).isEmpty();
    }
    rig.restart().complete();
    assertThat(rig.asked(rig.kds.listTarget())).isEqualTo(2);
    rig.restart().complete();
    assertThat(rig.asked(rig.kds.listTarget())).isEqualTo(2);
  }

  @Test
  void otherFilesInTheCacheDoNoHarmAndUnfinishedOnesGo() throws Exception {
    Path cache = rig.filled().cached(Rig.list()).resolveSibling("x");
    Path unfinished = Files.writeString(cache.resolveSibling(".unfinished-1"), "half");
    Files.writeString(cache.resolveSibling("amd+genoa+no-such.json"), "{}");
    Files.writeString(cache.resolveSibling("notes.txt"), "mine");
    Files.createDirectory(cache.resolveSibling("amd+milan+crl.json"));
    rig.restart().complete();
    assertThat(unfinished).doesNotExist();
    assertThat(rig.library.holdings()).filteredOn(h -> h.expiresAt().isPresent()).hasSize(3);
  }

  @Test
  void twoCustodiansMayShareACache() throws Exception {
    try (Library second = rig.open()) {
      rig.complete();
      assertThat(second.supply(Rig.bare(Rig.CHIP)).awaited()).isEmpty();
      assertThat(rig.vendor.requests()).hasSize(3);
      rig.pass(DAY);
      rig.vendor.serve(rig.kds.listTarget(), rig.kds.list(Rig.START.plus(DAY)));
      rig.renew();
      assertThat(
              second.supply(Rig.bare(Rig.CHIP)).collateral().revocations().getFirst().thisUpdate())
          .isEqualTo(Rig.START.plus(DAY));
    }
  }

  @Test
  void offlineAsksNobody() throws Exception {
    try (Library offline = rig.offline()) {
      Supply supply = offline.supply(Rig.bare(Rig.CHIP));
      assertThat(supply.awaited()).isEmpty();
      assertThat(supply.collateral().certificates()).isEmpty();
    }
    assertThat(rig.vendor.requests()).isEmpty();
  }

  @Test
  void aRootThatIsNotPinnedIsNoRoot() throws Exception {
    SimulatedAmd foreign = SimulatedAmd.foreign();
    new FakeKds(foreign, rig.vendor).serve(Rig.START);
    assertThat(rig.supply().awaited()).hasSize(3).allMatch(r -> r.contains("pinned root"));
    assertThat(rig.library.holdings()).isEmpty();
  }
}
