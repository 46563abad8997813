/** The kernel's report interface with its nasty sides. */
@NullMarked
package dev.leasehold.enclave.attest;

import org.jspecify.annotations.NullMarked;
