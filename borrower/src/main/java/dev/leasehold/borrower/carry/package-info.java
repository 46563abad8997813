/** Carrying messages to the custodian and back: check, keep, then forward, until answered. */
@NullMarked
package dev.leasehold.borrower.carry;

import org.jspecify.annotations.NullMarked;
