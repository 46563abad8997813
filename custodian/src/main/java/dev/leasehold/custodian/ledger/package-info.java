/**
 * What keeps the books true: steps that touch the ledger, the passing of time, freezing (protocol
 * §8).
 */
@NullMarked
package dev.leasehold.custodian.ledger;

import org.jspecify.annotations.NullMarked;
