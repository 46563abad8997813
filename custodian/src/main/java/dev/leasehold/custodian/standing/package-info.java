/**
 * Registration of what approvers sign: roster, measurements, borrower, package, lease (protocol
 * §6.1).
 */
@NullMarked
package dev.leasehold.custodian.standing;

import org.jspecify.annotations.NullMarked;
