/** The program inside the TEE: attests, opens the sealed model, infers, meters, stops. */
@NullMarked
package dev.leasehold.enclave;

import org.jspecify.annotations.NullMarked;
