package dev.leasehold.core.evidence;

import dev.leasehold.core.evidence.snp.SnpCollateral;

/**
 * What the verifying party itself holds about a technology: issuers and revocation lists. Never
 * what the attested host sent (protocol §6.2, step 2).
 */
public sealed interface Collateral permits SnpCollateral {}
