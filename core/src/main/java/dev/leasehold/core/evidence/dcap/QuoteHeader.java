package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;

/**
 * What every quote begins with. Attestation key type 2 (ECDSA P-256) and the vendor Intel are the
 * only ones there are.
 *
 * @param version 3, 4 or 5
 * @param qeSvn version of the Quoting Enclave; reserved since version 4
 * @param pceSvn version of the Provisioning Certification Enclave; reserved since version 4
 * @param userData chosen by the Quoting Enclave: the platform's identifier in its database
 */
public record QuoteHeader(int version, int qeSvn, int pceSvn, HexBytes userData) {}
