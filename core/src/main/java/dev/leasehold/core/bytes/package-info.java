/**
 * Fixed-size value types, bounds-checked reading and the domain-separated hashes of protocol §4.3.
 */
@NullMarked
package dev.leasehold.core.bytes;

import org.jspecify.annotations.NullMarked;
