/**
 * Inference as the rest of the enclave sees it: requests in, text or tensors out, every unit of
 * work charged before it is done (protocol §9).
 */
@NullMarked
package dev.leasehold.enclave.model;

import org.jspecify.annotations.NullMarked;
