/** What goes on by itself, again and again, and what it says when it does not. */
@NullMarked
package dev.leasehold.custodian.time;

import org.jspecify.annotations.NullMarked;
