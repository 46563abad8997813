/** Everything the borrower's enclaves and the custodian said to each other, on disk. */
@NullMarked
package dev.leasehold.borrower.journal;

import org.jspecify.annotations.NullMarked;
