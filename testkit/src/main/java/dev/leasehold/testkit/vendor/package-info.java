/** Vendors' services as they are on bad days, on loopback. */
@NullMarked
package dev.leasehold.testkit.vendor;

import org.jspecify.annotations.NullMarked;
