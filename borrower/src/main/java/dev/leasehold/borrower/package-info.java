/** The relay on the borrower's own host, outside the TEE: carries, keeps, shows (protocol §9.6). */
@NullMarked
package dev.leasehold.borrower;

import org.jspecify.annotations.NullMarked;
