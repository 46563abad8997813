/** Refusals: what was wrong, and what the other side should do (protocol §7.2). */
@NullMarked
package dev.leasehold.custodian.problem;

import org.jspecify.annotations.NullMarked;
