/** A forger of whole leases: what everybody signed, in order, true or bent in one place. */
@NullMarked
package dev.leasehold.testkit.story;

import org.jspecify.annotations.NullMarked;
