package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.evidence.VendorTcb;
import java.time.Instant;
import java.util.Optional;

/**
 * The judgement of a whole platform and of its parts, in Intel's words.
 *
 * @param tcb status of all parts together, with the advisories of every part's level; its
 *     evaluation is the lower of the two data sets'
 * @param tcbDate patches that Intel published up to then are in every part; the epoch when the
 *     platform is below every level
 * @param platformStatus of the level that the platform reaches
 * @param moduleStatus of the TDX module; empty for SGX and for TDX 1.0, whose module the platform's
 *     level covers
 */
public record TcbResult(
    VendorTcb tcb,
    Instant tcbDate,
    String platformStatus,
    Optional<String> moduleStatus,
    String qeStatus) {}
