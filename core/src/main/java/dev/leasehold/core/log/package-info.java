/** Merkle trees of RFC 6962: hashing, and checking that a log contains and only extends. */
@NullMarked
package dev.leasehold.core.log;

import org.jspecify.annotations.NullMarked;
