/** Tests of the journal. */
@NullMarked
package dev.leasehold.borrower.journal;

import org.jspecify.annotations.NullMarked;
