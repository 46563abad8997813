/** Tests of the books. */
@NullMarked
package dev.leasehold.borrower.books;

import org.jspecify.annotations.NullMarked;
