package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Nonce;

/**
 * The nonce an enclave asks its GPU to sign (protocol §4.3): it names the challenge, so that the
 * report is fresh, and the enclave's own key, so that a report of a GPU elsewhere does not fit.
 */
public final class GpuNonce {
  private static final String LABEL = "leasehold/1/gpu-nonce";

  private GpuNonce() {}

  /**
   * The nonce for one enrolment.
   *
   * @param challenge nonce of the custodian's challenge
   * @param ik the enclave's raw Ed25519 public key
   */
  public static Nonce of(Nonce challenge, Bytes ik) {
    return new Nonce(Digests.domain(LABEL, challenge.bytes(), ik.toArray()).hex());
  }
}
