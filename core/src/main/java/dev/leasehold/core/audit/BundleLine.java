package dev.leasehold.core.audit;

import dev.leasehold.core.dsse.Envelope;

/**
 * One statement in an evidence bundle.
 *
 * @param at when it passed, by the relay's clock; proves nothing
 */
public record BundleLine(long at, Envelope statement) {}
