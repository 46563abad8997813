/** The standing objects an enclave works under, each opened with the quorum it needs. */
@NullMarked
package dev.leasehold.enclave.terms;

import org.jspecify.annotations.NullMarked;
