/**
 * A forger of Intel SGX and TDX platforms: real formats under a root of its own, right in
 * everything or wrong in exactly one named way. Everything it makes is SIMULATED: no
 * confidentiality.
 */
@NullMarked
package dev.leasehold.testkit.dcap;

import org.jspecify.annotations.NullMarked;
