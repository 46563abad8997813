/**
 * The story of leases after the fact, re-derived from signed statements with public keys alone
 * (protocol §10, "Evidence for each side"): a few rules, each in one place, over a log or over what
 * passed one relay.
 */
@NullMarked
package dev.leasehold.core.audit;

import org.jspecify.annotations.NullMarked;
