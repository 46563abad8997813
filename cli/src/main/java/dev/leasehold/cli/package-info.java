/** The {@code leasehold} command: one class a verb. */
@NullMarked
package dev.leasehold.cli;

import org.jspecify.annotations.NullMarked;
