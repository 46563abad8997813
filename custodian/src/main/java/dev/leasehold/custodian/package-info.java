/** The model owner's server: appraises evidence, grants, counts, revokes. */
@NullMarked
package dev.leasehold.custodian;

import org.jspecify.annotations.NullMarked;
