/** What an operator's monitoring reads. */
@NullMarked
package dev.leasehold.custodian.metrics;

import org.jspecify.annotations.NullMarked;
