/**
 * A forger of Nitro Enclaves: real documents under a root of its own, right in everything or wrong
 * in exactly one named way. Everything it makes is SIMULATED: no confidentiality.
 */
@NullMarked
package dev.leasehold.testkit.nitro;

import org.jspecify.annotations.NullMarked;
