/** A consumer's sealed request and the enclave's sealed answer (protocol §11.2, §11.3). */
@NullMarked
package dev.leasehold.core.stream;

import org.jspecify.annotations.NullMarked;
