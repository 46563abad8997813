/** What the borrower shows to others: the signed statements of its journal, and nothing else. */
@NullMarked
package dev.leasehold.borrower.evidence;

import org.jspecify.annotations.NullMarked;
