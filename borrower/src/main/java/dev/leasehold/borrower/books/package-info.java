/** The borrower's own ledger, computed from signed messages alone (protocol §9.6). */
@NullMarked
package dev.leasehold.borrower.books;

import org.jspecify.annotations.NullMarked;
