/** The keys that exist only in the memory of one boot (protocol §2). */
@NullMarked
package dev.leasehold.enclave.key;

import org.jspecify.annotations.NullMarked;
