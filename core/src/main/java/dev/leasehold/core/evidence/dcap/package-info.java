/**
 * Evidence of Intel SGX enclaves and TDX trust domains (DCAP): quotes, the collateral Intel signs
 * and the judgement of a platform's patch level. Steps and names are those of Intel's quote
 * verification library.
 */
@NullMarked
package dev.leasehold.core.evidence.dcap;

import org.jspecify.annotations.NullMarked;
