package dev.leasehold.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.borrower.evidence.EvidenceExport;
import dev.leasehold.core.audit.Auditor;
import dev.leasehold.core.audit.BundleReader;
import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Rule;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.story.Bends;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a relay kept, as a bundle that others check: while it runs, stopped, and lied to. */
class EvidenceExportTest {
  private static final Vec USED = new Vec(1, 10, 100, 1_000);

  @TempDir Path folder;
  private RelayFixture f;

  @BeforeEach
  void serve() throws Exception {
    f = new RelayFixture(folder);
    f.enclave.enrol();
  }

  @AfterEach
  void close() throws Exception {
    f.close();
  }

  @Test
  void anHonestLeaseIsConsistentWhileTheRelayRunsAndAfterwards() throws Exception {
    Signed<Heartbeat> h = beat();
    Report running = audit();
    assertThat(running.findings()).isEmpty();
    assertThat(running.approverSet()).contains(f.parties.approverSet());
    assertThat(running.leases().getFirst().proven()).isEqualTo(USED);
    end(h);
    f.relay.close();
    Report stopped = audit();
    assertThat(stopped.findings()).isEmpty();
    assertThat(stopped.leases().getFirst().exposure()).isEqualTo(Vec.ZERO);
    assertThat(stopped.leases().getFirst().instances().getFirst().cessation().orElseThrow())
        .satisfies(c -> assertThat(c.finalVerified()).isTrue());
  }

  @Test
  void aBundleHoldsNoSecretOfTheRelay() throws Exception {
    beat();
    assertThat(Files.readString(f.journal())).contains("hello");
    assertThat(Files.readString(export())).doesNotContain(FakeCustodian.TOKEN.hex());
  }

  @Test
  @Tag("CF-05")
  void overBillingIsProvenByTheCustodiansOwnSignature() throws Exception {
    lies(g -> Bends.with(g, "used", (Vec v) -> v.plus(USED)));
    beat();
    assertThat(audit().findings()).extracting(Finding::rule).containsExactly(Rule.GRANT_USED);
  }

  @Test
  @Tag("CF-05")
  void useThatIsPaidForAndTakenBackIsProven() throws Exception {
    lies(g -> Bends.with(g, "allow", (Vec v) -> USED));
    beat();
    assertThat(audit().findings()).extracting(Finding::rule).containsExactly(Rule.ALLOW_LOWERED);
  }

  @Test
  void silenceIsShownForWhatItIsWorth() throws Exception {
    f.patience = Duration.ofMillis(50);
    f.relay.close();
    f.start();
    f.custodian.script("heartbeat", r -> FakeCustodian.Reply.text(503, ""));
    assertThat(f.enclave.post("heartbeat", f.enclave.firstPost()).statusCode()).isEqualTo(503);
    assertThat(audit().findings()).isEmpty();
    List<Finding> later =
        audit(InstantSource.fixed(InstantSource.system().instant().plusSeconds(60))).findings();
    assertThat(later).extracting(Finding::rule).containsExactly(Rule.SILENCE);
  }

  @Test
  void aBundleCutOffAnywhereOrChangedInOneByteIsRefused() throws Exception {
    beat();
    byte[] whole = Files.readAllBytes(export());
    for (int length = 0; length < whole.length; length += 97) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(Malformed.class);
    }
    for (int at = 0; at < whole.length; at += 97) {
      byte[] bent = whole.clone();
      bent[at] ^= 1;
      assertThatThrownBy(() -> read(bent)).as("byte %d", at).isInstanceOf(Malformed.class);
    }
  }

  private void lies(UnaryOperator<Grant> lie) {
    f.custodian.script("heartbeat", r -> f.custodian.granted(lie.apply(f.custodian.next(r))));
  }

  private Signed<Heartbeat> beat() throws Exception {
    Signed<Grant> zero = f.exchange.sign(f.exchange.grantZero());
    Signed<Heartbeat> h = f.exchange.heartbeat(1, f.exchange.evidence().hash(), zero.hash(), USED);
    assertThat(f.enclave.post("heartbeat", FakeEnclave.post(h, zero)).statusCode()).isEqualTo(200);
    return h;
  }

  private void end(Signed<Heartbeat> h) throws Exception {
    Signed<Grant> grant = f.custodian.lastGrant;
    Signed<Final> last = f.exchange.last(2, h.hash(), grant.hash(), USED);
    byte[] post =
        Bundle.write(
            Bundles.FinalPost.class,
            new Bundles.FinalPost(
                last.envelope(), Optional.of(grant.envelope()), Optional.empty()));
    assertThat(f.enclave.post("final", post).statusCode()).isEqualTo(200);
  }

  private Report audit() throws Exception {
    return audit(InstantSource.system());
  }

  private Report audit(InstantSource clock) throws Exception {
    return Auditor.audit(
        BundleReader.open(new ByteArrayInputStream(Files.readAllBytes(export(clock)))),
        Optional.of(f.parties.approverSet()));
  }

  private Path export() throws Exception {
    return export(InstantSource.system());
  }

  private Path export(InstantSource clock) throws Exception {
    Path out = folder.resolve("bundle");
    assertThat(EvidenceExport.write(f.journal(), Parties.LEASE_ID, clock, out)).isPositive();
    return out;
  }

  private static void read(byte[] bundle) throws Exception {
    BundleReader reader = BundleReader.open(new ByteArrayInputStream(bundle));
    new Auditor(Scope.RELAY, Optional.empty()).takeAll(reader);
  }
}
