package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;

/**
 * The last line of an evidence bundle: without it a bundle was cut off.
 *
 * @param statements how many lines stand between the first and this one
 * @param sha256 of every byte before this line
 */
record BundleEnd(long statements, Hash sha256) {}
