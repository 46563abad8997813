/**
 * The statements of the protocol and the lease state machine as pure functions (protocol §6, §8).
 */
@NullMarked
package dev.leasehold.core.lease;

import org.jspecify.annotations.NullMarked;
