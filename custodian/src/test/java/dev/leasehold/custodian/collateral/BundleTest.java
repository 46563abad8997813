package dev.leasehold.custodian.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.testkit.snp.SimulatedChip;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collateral carried by hand to a custodian that asks nobody. */
class BundleTest {
  @TempDir Path folder;
  private Rig rig;
  private Path bundle;
  private Library there;

  @BeforeEach
  void open() throws Exception {
    rig = new Rig(Files.createDirectories(folder.resolve("here"))).filled();
    bundle = folder.resolve("collateral.zip");
    assertThat(rig.library.exportTo(bundle)).hasSize(3);
    there = far();
  }

  @AfterEach
  void close() {
    there.close();
    rig.close();
  }

  private Library far() throws Exception {
    return Library.open(CollateralConfig.offline(folder.resolve("there")), rig.anchors, rig.clock);
  }

  @Test
  void whatIsExportedServesWhereItIsImported() throws Exception {
    assertThat(there.supply(Rig.bare(Rig.CHIP)).collateral().revocations()).isEmpty();
    try (Library command = far()) {
      assertThat(command.importFrom(bundle)).hasSize(3);
    }
    Supply supply = there.supply(Rig.bare(Rig.CHIP));
    assertThat(supply.collateral().certificates()).isEqualTo(rig.complete().certificates());
    assertThat(supply.collateral().revocations()).hasSize(1);
    Path again = folder.resolve("again.zip");
    there.exportTo(again);
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(bundle));
  }

  @Test
  void whatIsNewerThereStays() throws Exception {
    there.importFrom(bundle);
    rig.pass(Duration.ofDays(2));
    rig.vendor.serve(rig.kds.listTarget(), rig.kds.list(Rig.START.plus(Duration.ofDays(2))));
    rig.renew();
    Path newer = folder.resolve("newer.zip");
    rig.library.exportTo(newer);
    assertThat(there.importFrom(newer)).contains("amd/genoa/crl");
    assertThat(there.importFrom(bundle)).doesNotContain("amd/genoa/crl");
    assertThat(there.supply(Rig.bare(Rig.CHIP)).collateral().revocations().getFirst().thisUpdate())
        .isEqualTo(Rig.START.plus(Duration.ofDays(2)));
  }

  @Test
  void oneThingThatIsNotProvenKeepsAllOut() throws Exception {
    Map<String, byte[]> entries = entries();
    String list = CacheFolder.fileName("amd/genoa/crl");
    String text = new String(entries.get(list), StandardCharsets.UTF_8);
    int at = text.indexOf("\"body\":\"") + 200;
    char other = text.charAt(at) == 'A' ? 'B' : 'A';
    entries.put(
        list,
        (text.substring(0, at) + other + text.substring(at + 1)).getBytes(StandardCharsets.UTF_8));
    refused(entries);
  }

  @Test
  void whatHasExpiredKeepsAllOut() throws Exception {
    rig.pass(Duration.ofDays(91));
    BundleRefused e = catchThrowableOfType(BundleRefused.class, () -> there.importFrom(bundle));
    assertThat(e.reasons()).singleElement().asString().startsWith("amd/genoa/crl: ");
    assertThat(there.holdings()).isEmpty();
  }

  @Test
  void whoseIssuerIsMissingIsNotProven() throws Exception {
    Map<String, byte[]> entries = entries();
    entries.remove(CacheFolder.fileName("amd/genoa/vcek-chain"));
    refused(entries);
  }

  @Test
  void aSimulationIsRefusedUnderThePinnedRoots() throws Exception {
    try (Library pinned =
        Library.open(
            CollateralConfig.offline(folder.resolve("there")), PinnedAnchors.ANCHORS, rig.clock)) {
      BundleRefused e = catchThrowableOfType(BundleRefused.class, () -> pinned.importFrom(bundle));
      assertThat(e.reasons()).hasSize(3);
    }
  }

  @Test
  void onlyWhatAnExportWritesIsABundle() throws Exception {
    Map<String, byte[]> entries = entries();
    entries.put("readme.txt", "hello".getBytes(StandardCharsets.UTF_8));
    malformed(zip(entries));
    Map<String, byte[]> renamed = new LinkedHashMap<>();
    entries().forEach((name, json) -> renamed.put("../" + name, json));
    malformed(zip(renamed));
    malformed(zip(Map.of()));
    malformed("not a zip".getBytes(StandardCharsets.UTF_8));
    malformed(new byte[0]);
    malformed(zip(Map.of(CacheFolder.fileName("amd/genoa/crl"), new byte[Entry.MAX_BYTES + 1])));
  }

  @Test
  void damageIsRefusedAndNothingElse() throws Exception {
    byte[] good = Files.readAllBytes(bundle);
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      byte[] bad = good.clone();
      if (i % 4 == 0) {
        bad = Arrays.copyOf(good, random.nextInt(good.length));
      } else {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(bundle, bad);
      try {
        // What changes neither content nor names, such as a time in a header, does no harm.
        there.importFrom(bundle);
      } catch (IOException | Malformed | BundleRefused e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
    Files.write(bundle, good);
    assertThat(there.importFrom(bundle)).hasSize(3);
  }

  @Test
  void aThirdPartysCertificateComesAlong() throws Exception {
    SimulatedChip second = SimulatedChip.create(Rig.AMD);
    rig.kds.serve(second);
    rig.supply(Rig.bare(second));
    assertThat(rig.library.exportTo(bundle)).hasSize(4);
    assertThat(there.importFrom(bundle)).hasSize(4);
  }

  private void refused(Map<String, byte[]> entries) throws Exception {
    Files.write(bundle, zip(entries));
    assertThatThrownBy(() -> there.importFrom(bundle)).isInstanceOf(BundleRefused.class);
    assertThat(there.holdings()).isEmpty();
  }

  private void malformed(byte[] bytes) throws Exception {
    Files.write(bundle, bytes);
    assertThatThrownBy(() -> there.importFrom(bundle)).isInstanceOf(Malformed.class);
    assertThat(there.holdings()).isEmpty();
  }

  private Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> out = new LinkedHashMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(bundle)))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        out.put(e.getName(), zip.readAllBytes());
      }
    }
    return out;
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
    }
    return out.toByteArray();
  }
}
