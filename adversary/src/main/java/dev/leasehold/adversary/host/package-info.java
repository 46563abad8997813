/** The host between custodian and enclaves: it may do with messages whatever it wants. */
@NullMarked
package dev.leasehold.adversary.host;

import org.jspecify.annotations.NullMarked;
