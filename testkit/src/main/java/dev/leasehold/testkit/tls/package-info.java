/** Throw-away TLS identities for servers on loopback. */
@NullMarked
package dev.leasehold.testkit.tls;

import org.jspecify.annotations.NullMarked;
