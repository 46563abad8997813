/** Tests of the relay against a scripted custodian and a scripted enclave. */
@NullMarked
package dev.leasehold.borrower;

import org.jspecify.annotations.NullMarked;
