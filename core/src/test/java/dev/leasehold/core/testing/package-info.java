/** What the tests of this module share: third-party files, scale, seeded fuzzing. */
@NullMarked
package dev.leasehold.core.testing;

import org.jspecify.annotations.NullMarked;
