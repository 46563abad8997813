/** The relay's three listeners: for enclaves, for consumers, for the borrower (protocol §7.1). */
@NullMarked
package dev.leasehold.borrower.http;

import org.jspecify.annotations.NullMarked;
