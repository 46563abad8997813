/**
 * The enclave's side of the lease as a state machine: heartbeats, grants, commands, the dead-man
 * and the final statement (protocol §6.3, §6.4, §9.5, §12).
 */
@NullMarked
package dev.leasehold.enclave.meter;

import org.jspecify.annotations.NullMarked;
