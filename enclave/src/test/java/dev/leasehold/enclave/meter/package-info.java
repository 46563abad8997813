/** The lease loop under a fake clock and a scripted custodian. */
@NullMarked
package dev.leasehold.enclave.meter;

import org.jspecify.annotations.NullMarked;
