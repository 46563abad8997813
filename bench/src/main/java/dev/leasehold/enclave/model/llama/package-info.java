/** The un-metered loop that metering is compared with. */
@NullMarked
package dev.leasehold.enclave.model.llama;

import org.jspecify.annotations.NullMarked;
