/** Whether an enclave may read a prompt: the checks of protocol §11.1, in their order. */
@NullMarked
package dev.leasehold.consumer.trust;

import org.jspecify.annotations.NullMarked;
