/** Attestation documents of AWS Nitro Enclaves. */
@NullMarked
package dev.leasehold.core.evidence.nitro;

import org.jspecify.annotations.NullMarked;
