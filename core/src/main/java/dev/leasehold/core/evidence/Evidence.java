package dev.leasehold.core.evidence;

import dev.leasehold.core.evidence.azure.AzureEvidence;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import dev.leasehold.core.evidence.nitro.NitroEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.tpm.TpmEvidence;

/** Well-formed hardware evidence of some technology; says nothing yet about being genuine. */
public sealed interface Evidence
    permits NitroEvidence, DcapEvidence, NvidiaEvidence, SnpEvidence, TpmEvidence, AzureEvidence {}
