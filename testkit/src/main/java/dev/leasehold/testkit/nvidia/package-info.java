/**
 * A forger of NVIDIA GPUs: reports and reference values in their real formats under roots of its
 * own, right in everything or wrong in exactly one named way. Everything it makes is SIMULATED.
 */
@NullMarked
package dev.leasehold.testkit.nvidia;

import org.jspecify.annotations.NullMarked;
