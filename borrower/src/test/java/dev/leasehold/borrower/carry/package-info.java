/** Tests of carrying. */
@NullMarked
package dev.leasehold.borrower.carry;

import org.jspecify.annotations.NullMarked;
