/**
 * TPM 2.0 quotes over platform configuration registers, the key that signed them and what vouches
 * for it, and the TCG event log that explains the registers.
 */
@NullMarked
package dev.leasehold.core.evidence.tpm;

import org.jspecify.annotations.NullMarked;
