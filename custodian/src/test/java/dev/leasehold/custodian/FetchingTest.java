package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.custodian.collateral.CollateralConfig;
import dev.leasehold.custodian.collateral.Sources;
import dev.leasehold.testkit.snp.Flaw;
import dev.leasehold.testkit.vendor.Answer;
import dev.leasehold.testkit.vendor.FakeKds;
import dev.leasehold.testkit.vendor.FakeVendor;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Enrolment at a custodian that was given nothing and asks AMD's service, on good days and bad. */
class FetchingTest {
  @TempDir Path folder;
  private World world;
  private FakeVendor vendor;
  private FakeKds kds;

  @BeforeEach
  void open() throws Exception {
    vendor = FakeVendor.start();
    world = new World(folder).lend(l -> Leases.limits(l, 1_000, 2, Tier.B));
    kds = new FakeKds(world.chip.amd(), vendor);
    URI here = vendor.uri();
    Sources sources = new Sources(here, here, here, here, here, false);
    world.restartedWith(c ->
        c.with(
            CollateralConfig.offline(c.folder()).asking(sources).waiting(Duration.ofSeconds(20))));
  }

  @AfterEach
  void close() {
    world.close();
    vendor.close();
  }

  private Enclave withoutCertificate() {
    Enclave e = world.enclave().challenged();
    e.flaw = Flaw.VCEK_MISSING;
    return e;
  }

  @Test
  void whatTheHostDidNotSendIsFetched() throws Exception {
    kds.serve(world.clock.instant()).serve(world.chip);
    Enclave e = withoutCertificate();
    assertThat(e.openKey(e.attest().as(Bundles.EnrolmentReply.class))).isEqualTo(world.owner.dek);
    assertThat(metric("leasehold_collateral_expiry_seconds"))
        .hasSize(3)
        .anyMatch(l -> l.contains("kind=\"fetched\",item=\"amd/genoa/crl\"} 77"))
        .noneMatch(l -> l.endsWith("} 0"));
    assertThat(metric("leasehold_collateral_requests_total"))
        .contains("leasehold_collateral_requests_total{source=\"amd-kds\",result=\"new\"} 3");
  }

  @Test
  void aVendorThatIsDownUsesUpNoNonce() throws Exception {
    vendor.instead(kds.chainTarget(), Answer.throttled("25"));
    Enclave e = withoutCertificate();
    Bundles.EvidencePost post = e.evidencePost(e.statement(), e.ik);
    World.Answer busy = e.attest(post);
    assertThat(busy.status()).isEqualTo(429);
    assertThat(world.problem(busy, e.evidence.hash()).detail()).contains("amd/genoa/crl");
    world.clock.advance(28_000);
    kds.serve(world.clock.instant()).serve(world.chip);
    assertThat(e.openKey(e.attest(post).as(Bundles.EnrolmentReply.class)))
        .isEqualTo(world.owner.dek);
  }

  @Test
  void aChipTheVendorDoesNotKnowIsRefusedForGood() {
    kds.serve(world.clock.instant());
    Enclave e = withoutCertificate();
    World.Answer refused = e.attest();
    assertThat(world.problem(refused, e.evidence.hash()).title())
        .isEqualTo("evidence-rejected:chain");
  }

  private List<String> metric(String name) {
    return world.get("/metrics").text().lines().filter(l -> l.startsWith(name)).toList();
  }
}
