/** What an enclave refuses to work under. */
@NullMarked
package dev.leasehold.enclave.terms;

import org.jspecify.annotations.NullMarked;
