/**
 * A forger of TPMs, of the authority that certifies their keys and of the logs of what booted:
 * right in everything or wrong in exactly one named way. Everything it makes is SIMULATED.
 */
@NullMarked
package dev.leasehold.testkit.tpm;

import org.jspecify.annotations.NullMarked;
