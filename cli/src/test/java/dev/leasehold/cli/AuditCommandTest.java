package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.borrower.Relay;
import dev.leasehold.borrower.RelayConfig;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.custodian.LivingLease;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a real custodian through a real relay to a bundle that is checked with public keys only. */
class AuditCommandTest {
  @TempDir private Path folder;
  private LivingLease lease;
  private Relay relay;
  private LivingLease.Tenant a;

  @BeforeEach
  void lend() throws Exception {
    lease = LivingLease.start(folder.resolve("custodian"), 2);
    LocalFiles.writePrivateKey(folder.resolve("bk.pem"), lease.borrower());
    Path sealed = Files.createDirectory(folder.resolve("package"));
    Files.writeString(sealed.resolve("package.json"), lease.modelPackage().envelope().write());
    Files.write(
        sealed.resolve("chunks.bin"),
        new byte[(int) lease.modelPackage().body().plainBytes() + 16]);
    assertThat(
            Ran.verb(
                    "relay",
                    "new",
                    "--custodian",
                    lease.uri().toString(),
                    "--pin",
                    lease.pin().hex(),
                    "--lease",
                    lease.leaseId().hex(),
                    "--key",
                    at("bk.pem"),
                    "--package",
                    at("package"),
                    "--state",
                    at("evidence"),
                    "--inner",
                    "127.0.0.1:0",
                    "--outer",
                    "127.0.0.1:0",
                    "--console",
                    "127.0.0.1:0",
                    "--out",
                    at("relay.json"))
                .code())
        .isZero();
    relay = Relay.start(RelayConfig.load(folder.resolve("relay.json")));
    a = lease.tenantThrough(URI.create("http://127.0.0.1:" + relay.inner().getPort()));
    a.beat(1_472);
  }

  @AfterEach
  void close() throws Exception {
    relay.close();
    lease.close();
  }

  @Test
  @Tag("OS-01")
  void aRelaysEvidenceIsConsistentFromItsFirstHeartbeatToTheProofOfCessation() throws Exception {
    Ran serving = audit("--approver-set", approvers().hex());
    assertThat(serving.code()).as(serving.out() + serving.err()).isZero();
    assertThat(serving.out())
        .startsWith("CONSISTENT: ")
        .contains("as pinned")
        .contains("UNRESOLVED")
        .contains("3472");

    lease.revoke();
    a.beat(1_500);
    a.end(1_520);
    relay.close();
    Ran over = audit("--approver-set", approvers().hex());
    assertThat(over.code()).as(over.out() + over.err()).isZero();
    assertThat(over.out())
        .contains("X was")
        .contains("cessation   complete: every enclave has ceased and said so")
        .contains("signed by the enclave's key")
        .contains("What it cannot prove");
  }

  @Test
  void withoutAPinTheApproverSetIsShownForComparison() throws Exception {
    Json.Obj report = audit("--json").json();
    assertThat(report.get("pinned")).contains(new Json.Bool(false));
    assertThat(report.get("approverSet")).contains(new Json.Str(approvers().hex()));
    assertThat(report.get("consistent")).contains(new Json.Bool(true));
  }

  @Test
  void anotherApproverSetIsAFindingAndABrokenBundleIsUnusable() throws Exception {
    Ran other = audit("--approver-set", "77".repeat(32));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).contains("standing.quorum").contains("nothing here could be believed");
    byte[] whole = Files.readAllBytes(folder.resolve("bundle"));
    Files.write(folder.resolve("bundle"), Arrays.copyOf(whole, whole.length - 1));
    Ran torn = Ran.verb("audit", "--offline", at("bundle"));
    assertThat(torn.code()).isEqualTo(2);
    assertThat(torn.out()).isEmpty();
    assertThat(torn.err()).contains("is not an evidence bundle").contains("cut off");
    assertThat(Ran.verb("audit", "--offline", at("nothing")).code()).isEqualTo(2);
    assertThat(Ran.verb("audit").code()).isEqualTo(2);
  }

  private Ran audit(String... more) {
    assertThat(Ran.verb("relay", "export", at("relay.json"), "--out", at("bundle")).code())
        .isZero();
    String[] args =
        Arrays.copyOf(new String[] {"audit", "--offline", at("bundle")}, 3 + more.length);
    System.arraycopy(more, 0, args, 3, more.length);
    return Ran.verb(args);
  }

  private Hash approvers() {
    return Roster.approverSet(2, lease.approverKeys());
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }
}
