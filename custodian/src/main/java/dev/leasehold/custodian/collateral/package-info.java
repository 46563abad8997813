/**
 * What vendors sign about their hardware, fetched, proven, kept and renewed: the only part of a
 * custodian that asks anybody anything. Nothing is trusted for where it came from: what does not
 * reach a pinned root never enters.
 */
@NullMarked
package dev.leasehold.custodian.collateral;

import org.jspecify.annotations.NullMarked;
