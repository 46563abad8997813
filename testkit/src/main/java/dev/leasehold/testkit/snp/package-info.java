/**
 * A forger of SEV-SNP platforms: real formats under roots of its own, right in everything or wrong
 * in exactly one named way. Everything it makes is SIMULATED: no confidentiality.
 */
@NullMarked
package dev.leasehold.testkit.snp;

import org.jspecify.annotations.NullMarked;
