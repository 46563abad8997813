package dev.leasehold.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class StatementsTest {
  private static final Hash H = new Hash("ab".repeat(32));
  private static final String LEASE =
      """
      {"v":1,"leaseId":"3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f","version":1,"supersedes":"","borrowerId":"b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0",
      "package":"%1$s","measurementSet":"5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e","purpose":"customer support",
      "budget":{"requests":10000000,"inputTokens":4000000000,"outputTokens":1000000000,"megaflops":9000000000000},
      "tranche":{"requests":400,"inputTokens":400000,"outputTokens":48000,"megaflops":900000000},
      "exposureMax":{"requests":1200,"inputTokens":1200000,"outputTokens":144000,"megaflops":2700000000},
      "ttlMs":45000,"graceMs":45000,"suspendGraceMs":600000,"heartbeatMs":15000,"maxActive":2,"maxBootsPerHour":12,"minTier":"B","clock":"none","rhoPermille":0,
      "telemetry":{"quantum":64,"minRequests":8,"topUpPercent":50},"stream":{"frameBytes":4096,"frameMs":50},"consumers":{"mode":"open","keys":[]},"witness":{"k":0,"gate":false},
      "notBefore":1795000000000,"notAfter":1802776000000,"issuedAt":1795000000000,"approvals":[]}
      """
          .formatted(H)
          .replace("\n", "");

  @Test
  void theLeaseOfTheSpecificationReadsAndWritesBack() throws Exception {
    Lease lease = Statements.LEASE.decode(LEASE.getBytes(StandardCharsets.UTF_8));
    assertThat(lease.minTier()).isEqualTo(Tier.B);
    assertThat(lease.modelPackage()).isEqualTo(H);
    assertThat(new String(Statements.LEASE.encode(lease), StandardCharsets.UTF_8)).isEqualTo(LEASE);
  }

  @Test
  void eachRuleOfALeaseIsCheckedOnItsOwn() {
    assertRefused("\"outputTokens\":48000", "\"outputTokens\":144001", "tranche");
    assertRefused("\"outputTokens\":144000", "\"outputTokens\":1000000001", "exposureMax");
    assertRefused("\"quantum\":64", "\"quantum\":6001", "quantum");
    assertRefused("\"quantum\":64", "\"quantum\":0", "quantum");
    assertRefused("\"graceMs\":45000", "\"graceMs\":22499", "graceMs");
    assertRefused("\"ttlMs\":45000", "\"ttlMs\":29999", "ttlMs");
    assertRefused("\"frameBytes\":4096", "\"frameBytes\":255", "frameBytes");
    assertRefused("\"frameMs\":50", "\"frameMs\":1001", "frameMs");
    assertRefused("\"version\":1", "\"version\":0", "version");
    assertRefused("\"supersedes\":\"\"", "\"supersedes\":\"" + H + "\"", "supersedes");
  }

  @Test
  void schemaIsClosed() {
    assertRefused("\"v\":1,", "", "lease.v");
    assertRefused("\"v\":1,", "\"v\":2,", "lease.v");
    assertRefused("\"purpose\":\"customer support\",", "", "lease.purpose");
    assertRefused("\"v\":1,", "\"v\":1,\"extra\":1,", "lease.extra");
    assertRefused("\"minTier\":\"B\"", "\"minTier\":\"D\"", "lease.minTier");
    assertRefused("\"gate\":false", "\"gate\":0", "lease.witness.gate");
    assertRefused("customer support", "x".repeat(501), "lease.purpose");
    assertRefused("3f3f", "3F3f", "lease.leaseId");
  }

  @Test
  void heartbeatsAreExactly1024CanonicalBytes() throws Exception {
    Heartbeat hb = heartbeat();
    byte[] bytes = Statements.HEARTBEAT.encode(hb);
    assertThat(bytes).hasSize(1024);
    assertThat(Statements.HEARTBEAT.decode(bytes)).isEqualTo(hb);
    String text = new String(bytes, StandardCharsets.UTF_8);
    assertThat(text).startsWith("{\"v\":1,\"leaseId\":").endsWith("0\"}");

    assertNotCanonical(text.replace("\"pad\":\"0", "\"pad\":\"1"));
    assertNotCanonical(text.replace("{\"v\":1,", "{ \"v\":1,").replace("00\"}", "0\"}"));
    assertNotCanonical(
        text.replace("\"finished\":11,\"aborted\":1", "\"aborted\":1,\"finished\":11"));
    assertThatThrownBy(
            () -> Statements.HEARTBEAT.decode((text + " ").getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("exactly 1024");
  }

  @Test
  void payloadLimitIsExact() {
    Kind<Claim> small = Kind.of("small", Claim.class, 60);
    assertThatThrownBy(() -> small.encode(new Claim("c", "e".repeat(60), "g", Claim.Ok.YES, "")))
        .hasMessageContaining("at most 60");
  }

  private static Heartbeat heartbeat() {
    return new Heartbeat(
        new Id("3f".repeat(16)),
        new Id("a1".repeat(16)),
        1,
        1,
        1,
        H,
        H,
        new Vec(12, 5120, 1472, 9012),
        Heartbeat.ReportedMode.RUN,
        11,
        1,
        0,
        Collections.nCopies(16, 0L),
        14000,
        1795000000000L,
        0);
  }

  private static void assertNotCanonical(String text) {
    assertThatThrownBy(() -> Statements.HEARTBEAT.decode(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("canonical");
  }

  private static void assertRefused(String part, String replacement, String names) {
    assertThat(LEASE).contains(part);
    byte[] bytes =
        LEASE.replaceFirst(part.replace("{", "\\{"), replacement).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Statements.LEASE.decode(bytes))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(names);
  }
}
