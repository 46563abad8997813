package dev.leasehold.custodian.collateral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.time.ManualClock;
import dev.leasehold.testkit.vendor.FakeKds;
import dev.leasehold.testkit.vendor.FakeVendor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A library that asks a fake vendor by a clock of its own: pauses pass as soon as they begin. */
final class Rig implements AutoCloseable {
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  static final Duration WAIT = Duration.ofSeconds(10);
  static final SimulatedAmd AMD = SimulatedAmd.shared();
  static final SimulatedChip CHIP = SimulatedChip.create(AMD);

  final Path folder;
  final ManualClock clock = new ManualClock(START.toEpochMilli());
  final FakeVendor vendor;
  final FakeKds kds;
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  final Anchors anchors = AMD.anchors();
  Duration answer = Duration.ofSeconds(20);
  Library library;

  Rig(Path folder) throws Exception {
    this.folder = folder;
    this.vendor = FakeVendor.start();
    this.kds = new FakeKds(AMD, vendor).serve(START).serve(CHIP);
    this.library = open();
  }

  CollateralConfig config() {
    CollateralConfig base = CollateralConfig.offline(folder);
    URI here = vendor.uri();
    return new CollateralConfig(
        base.given(),
        base.cache(),
        false,
        new Sources(here, here, here.resolve("/root.crl"), here, here, false),
        IntelUpdate.STANDARD,
        WAIT,
        Duration.ofSeconds(20),
        answer,
        base.maxBytes(),
        base.recheck(),
        base.early());
  }

  /** The library after a restart of its program, on the same folder. */
  Rig restart() throws Exception {
    library.close();
    library = open();
    return this;
  }

  /** With another bound on how long one answer may take. */
  Rig answering(Duration longest) throws Exception {
    answer = longest;
    return restart();
  }

  Library open() throws IOException, Malformed {
    return Library.open(config(), anchors, clock, new PassingTime(clock, pauses));
  }

  Library offline() throws IOException, Malformed {
    return Library.open(CollateralConfig.offline(folder), anchors, clock);
  }

  /** A report with nothing beside it. */
  static SnpEvidence bare(SimulatedChip chip) {
    try {
      ReportRequest request =
          ReportRequest.of(ReportData.of(new byte[ReportData.BYTES]), HexBytes.of(new byte[48]));
      return SnpEvidence.parse(chip.report(request), List.of());
    } catch (Malformed e) {
      throw new AssertionError(e);
    }
  }

  Supply supply() {
    return supply(bare(CHIP));
  }

  Supply supply(Evidence evidence) {
    return library.supply(evidence);
  }

  /** All of it came, and it shows the report to be genuine. */
  Collateral complete() {
    Supply supply = supply();
    assertThat(supply.awaited()).isEmpty();
    Verdict verdict = Verifier.verify(bare(CHIP), supply.collateral(), anchors, clock.instant());
    assertThat(verdict).isInstanceOf(Verdict.Genuine.class);
    assertThat(supply.collateral().revocations()).hasSize(1);
    return supply.collateral();
  }

  /** The date of the list that serves now. */
  Instant listDate() {
    return complete().revocations().getFirst().thisUpdate();
  }

  void pass(Duration d) {
    clock.advance(d.toMillis());
  }

  /** Renews what is due, and is done with it. */
  void renew() {
    library.renew().forEach(CompletableFuture::join);
  }

  /** Everything has been fetched once. */
  Rig filled() {
    complete();
    return this;
  }

  int asked(String target) {
    return vendor.requests(target).size();
  }

  Path cached(Item item) {
    return folder.resolve("collateral-cache").resolve(CacheFolder.fileName(item.id()));
  }

  boolean isCached(Item item) {
    return Files.exists(cached(item));
  }

  static Item list() {
    return new AmdItem.Revocations(AMD.family());
  }

  Holding holding(Item item) {
    return library.holdings().stream()
        .filter(h -> h.name().equals(item.id()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    library.close();
    vendor.close();
  }
}
