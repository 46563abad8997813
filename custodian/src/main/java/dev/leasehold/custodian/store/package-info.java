/**
 * The ledger's database and anchor: one writer, durable before the reply (protocol §8.3 to §8.5).
 */
@NullMarked
package dev.leasehold.custodian.store;

import org.jspecify.annotations.NullMarked;
