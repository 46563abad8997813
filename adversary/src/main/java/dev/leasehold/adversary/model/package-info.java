/** The formal model {@code docs/formal/Lease.tla} in Java, to judge real runs by. */
@NullMarked
package dev.leasehold.adversary.model;

import org.jspecify.annotations.NullMarked;
