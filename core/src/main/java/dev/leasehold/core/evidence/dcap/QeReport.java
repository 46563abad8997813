package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;

/**
 * How the Quoting Enclave vouches for the attestation key: a report of its own, signed by the PCK.
 *
 * @param signedPart the 384 bytes of {@code report}
 * @param signature {@code r ‖ s} by the PCK over {@code signedPart}
 * @param authenticationData hashed together with the attestation key into the report data
 */
public record QeReport(
    SgxReport report, Bytes signedPart, HexBytes signature, Bytes authenticationData) {}
