/** Pinned trust anchors, certificate chains and revocation lists, and TLS pinned to one server. */
@NullMarked
package dev.leasehold.core.pki;

import org.jspecify.annotations.NullMarked;
