/** AMD SEV-SNP attestation reports and the endorsement certificates that make them believable. */
@NullMarked
package dev.leasehold.core.evidence.snp;

import org.jspecify.annotations.NullMarked;
