/**
 * Judgements in the vocabulary of the IETF, for relying parties that know nothing of Leasehold: EAT
 * Attestation Results with AR4SI trustworthiness vectors (docs/spec/ear.md).
 */
@NullMarked
package dev.leasehold.core.appraise.ear;

import org.jspecify.annotations.NullMarked;
