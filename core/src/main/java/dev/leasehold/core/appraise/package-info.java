/**
 * Whether the owner of a model accepts what genuine hardware says: owner policy in, appraisal out.
 */
@NullMarked
package dev.leasehold.core.appraise;

import org.jspecify.annotations.NullMarked;
