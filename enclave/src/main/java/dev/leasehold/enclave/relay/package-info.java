/** The enclave's only way out: the inner listener of the borrower's relay (protocol §7.1). */
@NullMarked
package dev.leasehold.enclave.relay;

import org.jspecify.annotations.NullMarked;
