package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Wire;
import java.util.List;

/**
 * What an enclave says of itself; the hardware report binds its hash (protocol §6.2).
 *
 * @param ik raw Ed25519 public key of the enclave, made for this boot
 * @param sk raw X-Wing public key that the model key is sealed to
 */
public record EvidenceStatement(
    Id leaseId,
    Id instanceId,
    Id borrowerId,
    long epoch,
    long incarnation,
    Hash challenge,
    Nonce nonce,
    Bytes ik,
    Bytes sk,
    Hash approverSet,
    Hash roster,
    Hash measurements,
    Hash lease,
    @Wire("package") Hash modelPackage,
    Hash config,
    Lease.ClockClass clock,
    String program,
    List<Hash> gpu,
    String channel) {

  private static final int XWING_PUBLIC_BYTES = 1216;

  public EvidenceStatement {
    Rules.require(ik.length() == 32, "ik: expected 32 bytes", ik.length());
    Rules.require(sk.length() == XWING_PUBLIC_BYTES, "sk: expected 1216 bytes", sk.length());
  }

  public KeyRecord ikRecord() {
    return KeyRecord.ed25519(ik);
  }
}
