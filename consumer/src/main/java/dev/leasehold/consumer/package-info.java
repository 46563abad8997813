/** The end user's local proxy: it verifies, seals, asks and keeps receipts. */
@NullMarked
package dev.leasehold.consumer;

import org.jspecify.annotations.NullMarked;
