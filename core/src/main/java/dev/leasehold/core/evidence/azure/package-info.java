/**
 * Azure confidential VMs: a paravisor (HCL) at the highest privilege level of the hardware
 * environment offers the guest a TPM, whose attestation key the hardware report binds.
 */
@NullMarked
package dev.leasehold.core.evidence.azure;

import org.jspecify.annotations.NullMarked;
