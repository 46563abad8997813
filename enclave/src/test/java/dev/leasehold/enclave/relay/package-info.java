/** A relay that sends what and as slowly as it likes. */
@NullMarked
package dev.leasehold.enclave.relay;

import org.jspecify.annotations.NullMarked;
