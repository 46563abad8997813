/** Time that passes when a test says so. */
@NullMarked
package dev.leasehold.testkit.time;

import org.jspecify.annotations.NullMarked;
