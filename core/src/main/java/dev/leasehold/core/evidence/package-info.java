/**
 * What hardware says about a program, and whether it is genuine: evidence in, verified claims or a
 * refusal out. Whether an owner accepts the claims is decided in {@code core.appraise}.
 */
@NullMarked
package dev.leasehold.core.evidence;

import org.jspecify.annotations.NullMarked;
