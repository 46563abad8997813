/** One question sealed to a trusted enclave, and its answer checked against its receipt. */
@NullMarked
package dev.leasehold.consumer.ask;

import org.jspecify.annotations.NullMarked;
