/** The HTTP surface (protocol §7). */
@NullMarked
package dev.leasehold.custodian.api;

import org.jspecify.annotations.NullMarked;
