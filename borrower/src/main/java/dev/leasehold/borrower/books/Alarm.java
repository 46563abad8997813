package dev.leasehold.borrower.books;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.MaxBytes;
import java.util.Optional;

/**
 * Something the borrower should look at: a message that breaks a promise of the protocol.
 *
 * @param at the relay's own clock
 * @param what which check, such as {@code grant.prev}
 */
public record Alarm(
    long at,
    Optional<Id> instance,
    String what,
    @MaxBytes(1000) String expected,
    @MaxBytes(1000) String found) {}
