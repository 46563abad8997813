package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code enclave-config.json}: the part of an enclave that differs from one custodian to another
 * (protocol §9.1). It lies in the program directory and is measured with it, so its SHA-256 says
 * whose approvers an enclave obeys.
 */
public record EnclaveConfig(long v, Approvers approvers, Lease.ClockClass clock, long rhoPermille) {
  private static final int MAX_BYTES = 65_536;

  public EnclaveConfig {
    Rules.require(v == 1, "v: expected 1", v);
  }

  /** The approvers and how many of them must sign to grant. */
  public record Approvers(long threshold, List<KeyRecord> keys) {
    public Approvers {
      Rules.require(
          threshold >= 1 && threshold <= keys.size(),
          "approvers.threshold: expected 1 to the number of keys",
          threshold);
    }
  }

  public static EnclaveConfig parse(byte[] bytes) throws Malformed {
    String name = "enclave-config";
    return Codec.of(EnclaveConfig.class).decode(name, StrictJson.parse(name, bytes, MAX_BYTES));
  }

  /** The one serialisation that the CLI writes; any other that parses is as good. */
  public byte[] encode() {
    return Codec.of(EnclaveConfig.class).encode(this).write().getBytes(StandardCharsets.UTF_8);
  }

  /** The only approver set the enclave believes. */
  public Hash approverSet() {
    return Roster.approverSet(approvers.threshold, approvers.keys);
  }
}
