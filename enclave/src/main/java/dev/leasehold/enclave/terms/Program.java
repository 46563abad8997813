package dev.leasehold.enclave.terms;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.Lease;

/**
 * What this program is, all of it measured by the hardware.
 *
 * @param name for people, such as {@code leasehold-enclave/1.0.0}
 * @param config SHA-256 of {@code enclave-config.json}
 * @param approverSet the only approvers it believes
 * @param clock the class of clock it has
 */
public record Program(String name, Hash config, Hash approverSet, Lease.ClockClass clock) {}
