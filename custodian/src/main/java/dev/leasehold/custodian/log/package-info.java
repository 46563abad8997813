/**
 * The transparency log (protocol §10): gives what was recorded its place, publishes checkpoints,
 * serves tiles and proofs, and notices when what is kept is not what was signed.
 */
@NullMarked
package dev.leasehold.custodian.log;

import org.jspecify.annotations.NullMarked;
