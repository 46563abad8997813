package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What monitoring reads: each thing an operator must know before it is too late. */
class MetricsTest {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder).lend();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private List<String> metric(String name) {
    return world.get("/metrics").text().lines().filter(l -> l.startsWith(name)).toList();
  }

  private long value(String sample) {
    return metric(sample + " ").stream()
        .map(l -> Long.parseLong(l.substring(l.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private String of(String amount) {
    return "leasehold_"
        + amount
        + "{lease=\""
        + world.leaseId()
        + "\",component=\"output_tokens\"}";
  }

  @Test
  void everyExpiryIsThere() {
    assertThat(metric("leasehold_expiry_seconds"))
        .anyMatch(l -> l.contains("what=\"tls-certificate\"}"))
        .anyMatch(l -> l.contains("what=\"grant-key\"}"))
        .anyMatch(l -> l.contains("what=\"lease\",lease=\"" + world.leaseId() + "\"}"))
        .allMatch(l -> !l.substring(l.lastIndexOf(' ') + 1).startsWith("-"));
    assertThat(metric("leasehold_collateral_expiry_seconds")).isNotEmpty();
  }

  @Test
  void aLeaseNearItsBudgetShows() throws Exception {
    Enclave e = world.enclave().enrolled();
    e.beat(1_500);
    assertThat(value(of("budget"))).isEqualTo(10_000);
    assertThat(value(of("settled"))).isEqualTo(1_500);
    assertThat(value(of("exposure"))).isPositive();
    assertThat(value(of("reserved"))).isPositive();
  }

  @Test
  void missedHeartbeatsAndIncidentsShow() throws Exception {
    Enclave e = world.enclave().enrolled();
    world.clock.advance(46_000);
    assertThat(value("leasehold_missed_heartbeats{lease=\"" + world.leaseId() + "\"}"))
        .isEqualTo(3);
    assertThat(metric("leasehold_incidents_total{")).isEmpty();
    Enclave forged = world.enclave().challenged();
    forged.sk = e.sk;
    assertThat(forged.attest().status()).isEqualTo(409);
    assertThat(metric("leasehold_incidents_total{"))
        .containsExactly("leasehold_incidents_total{what=\"evidence-refused\"} 1");
    assertThat(value("leasehold_frozen")).isZero();
  }

  /** Whoever reads metrics learns which leases there are, and of nobody in them. */
  @Test
  void noLabelNamesAnInstanceABorrowerOrAPackage() throws Exception {
    Enclave e = world.enclave().enrolled();
    String text = world.get("/metrics").text();
    assertThat(text)
        .contains(world.leaseId().hex())
        .doesNotContain(e.id.hex())
        .doesNotContain(world.owner.borrowerId.hex())
        .doesNotContain(world.owner.packageId.hex())
        .doesNotContain(world.owner.setId.hex());
    Pattern sample =
        Pattern.compile("[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? -?\\d+");
    assertThat(text.lines().filter(l -> !l.startsWith("#")))
        .allMatch(l -> {
          Matcher m = sample.matcher(l);
          return m.matches();
        });
  }
}
