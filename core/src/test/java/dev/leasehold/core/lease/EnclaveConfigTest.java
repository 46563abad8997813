package dev.leasehold.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.dsse.Ed25519Signer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EnclaveConfigTest {
  private final Ed25519Signer approver = Ed25519Signer.fromSeed(new byte[32]);
  private final EnclaveConfig config =
      new EnclaveConfig(
          1, new EnclaveConfig.Approvers(1, List.of(approver.key())), Lease.ClockClass.NONE, 0);

  @Test
  void roundTrips() throws Exception {
    assertThat(EnclaveConfig.parse(config.encode())).isEqualTo(config);
    assertThat(new String(config.encode(), StandardCharsets.UTF_8))
        .startsWith("{\"v\":1,\"approvers\":{\"threshold\":1,\"keys\":[{\"keyid\":\"")
        .endsWith("\"clock\":\"none\",\"rhoPermille\":0}");
  }

  @Test
  void namesTheApproverSetOfTheRoster() {
    assertThat(config.approverSet()).isEqualTo(Roster.approverSet(1, List.of(approver.key())));
  }

  @Test
  void aThresholdNobodyCanReachIsRefused() {
    assertThatThrownBy(() -> new EnclaveConfig.Approvers(2, List.of(approver.key())))
        .hasMessageContaining("threshold");
    assertThatThrownBy(() -> new EnclaveConfig.Approvers(0, List.of(approver.key())))
        .hasMessageContaining("threshold");
  }
}
