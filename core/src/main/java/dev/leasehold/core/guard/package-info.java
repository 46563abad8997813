/** The only place where permission to do work comes from (protocol §9.3). */
@NullMarked
package dev.leasehold.core.guard;

import org.jspecify.annotations.NullMarked;
