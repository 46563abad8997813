package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.enclave.terms.Terms;
import java.util.Optional;

/**
 * What the rest of the enclave may know of the lease, at one instant.
 *
 * @param tMin latest time the custodian has vouched for (protocol §9.5)
 * @param grant H of the newest accepted grant
 * @param evidence newest evidence with the hardware's report
 * @param staple newest staple, if one was ever given
 * @param rotations grows when consumers must get a new key
 */
public record View(
    Terms terms,
    long epoch,
    long tMin,
    Hash grant,
    Bundles.EvidencePost evidence,
    Envelope appraisal,
    Optional<Envelope> staple,
    long rotations) {}
