/** The hostile wire: forwarders that record, cut and mend what passes. */
@NullMarked
package dev.leasehold.testkit.wire;

import org.jspecify.annotations.NullMarked;
