/** A transparency log without a custodian. */
@NullMarked
package dev.leasehold.testkit.log;

import org.jspecify.annotations.NullMarked;
