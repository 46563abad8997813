/** A custodian and a relay that say what a test scripts, with real signatures. */
@NullMarked
package dev.leasehold.enclave.testing;

import org.jspecify.annotations.NullMarked;
