/**
 * The transparency log from its published rules (protocol §10): trees of RFC 6962, tiles and
 * entries, checkpoints, and proofs that a log contains and only extends.
 */
@NullMarked
package dev.leasehold.core.log;

import org.jspecify.annotations.NullMarked;
