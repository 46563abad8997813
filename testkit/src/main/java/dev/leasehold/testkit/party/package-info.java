/** The people, keys and standing objects of a small lease, the same in every run. */
@NullMarked
package dev.leasehold.testkit.party;

import org.jspecify.annotations.NullMarked;
