/** The keys of one boot. */
@NullMarked
package dev.leasehold.enclave.key;

import org.jspecify.annotations.NullMarked;
