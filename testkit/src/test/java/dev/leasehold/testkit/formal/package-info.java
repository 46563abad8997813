/** Model checking of the lease protocol: the modules of docs/formal, run by TLC. */
@NullMarked
package dev.leasehold.testkit.formal;

import org.jspecify.annotations.NullMarked;
