package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.Wire;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Who may sign what (protocol §6.1). Signed by the approvers themselves. */
public record Roster(
    long version,
    Optional<Hash> previous,
    Threshold threshold,
    List<Approver> approvers,
    List<Operator> operators,
    List<GrantKey> grantKeys,
    Log log,
    Bytes importKey,
    List<Json.Obj> witnesses,
    long issuedAt,
    List<Hash> approvals)
    implements Versioned {

  public Roster {
    Rules.atLeastOne("version", version);
    Rules.require(
        !approvers.isEmpty() && threshold.grant <= approvers.size(),
        "approvers: expected at least threshold.grant of them",
        approvers.size());
    Rules.require(
        threshold.measure <= approvers.size(),
        "approvers: expected at least threshold.measure of them",
        approvers.size());
    Rules.require(
        (version == 1) == previous.isEmpty(), "previous: empty exactly in version 1", previous);
  }

  /** The hash pinned in the measured enclave: no roster with other approvers is ever accepted. */
  public Hash approverSet() {
    return approverSet(threshold.grant, approvers.stream().map(Approver::key).toList());
  }

  /** {@code D("leasehold/1/approver-set", u8 threshold ‖ sorted keyids)} (protocol §4.3). */
  public static Hash approverSet(long threshold, Collection<KeyRecord> keys) {
    ByteWriter w = new ByteWriter().u8((int) threshold);
    keys.stream().map(KeyRecord::keyid).sorted().forEach(k -> w.bytes(k.bytes()));
    return Digests.domain("leasehold/1/approver-set", w.toByteArray());
  }

  /** The grant key of this keyid if it is listed and valid at that time. */
  public Optional<KeyRecord> grantKey(Hash keyid, long issuedAt) {
    return grantKeys.stream()
        .filter(g -> g.key.keyid().equals(keyid))
        .filter(g -> g.notBefore <= issuedAt && issuedAt < g.notAfter)
        .map(GrantKey::key)
        .findFirst();
  }

  /**
   * How many approvers must sign to grant, to change measurements, and how long the latter waits.
   */
  public record Threshold(long grant, long measure, long delayMs) {
    public Threshold {
      Rules.require(grant >= 1 && grant <= 8, "threshold.grant: expected 1 to 8", grant);
      Rules.require(measure >= 1 && measure <= 8, "threshold.measure: expected 1 to 8", measure);
    }
  }

  /** A person whose signature starts things. */
  public record Approver(KeyRecord key, String person, String role) {}

  /** A person or console whose signature stops things. */
  public record Operator(KeyRecord key, String person, List<Capability> can) {}

  /** What an operator may do. Starting is never delegated. */
  public enum Capability {
    @Wire("stop")
    STOP
  }

  /** A key of the custodian's server and when it may sign. */
  public record GrantKey(KeyRecord key, long notBefore, long notAfter) {}

  /** The custodian's transparency log. */
  public record Log(String origin, Bytes key) {}
}
