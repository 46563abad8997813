/** Signed envelopes: DSSE v1 with Ed25519 and, where a key lists it, ML-DSA-65 (protocol §4.2). */
@NullMarked
package dev.leasehold.core.dsse;

import org.jspecify.annotations.NullMarked;
