/**
 * Fuzz targets: one for every parser of bytes that come from outside, each with seeds and with what
 * must hold whatever the input. Seeds are made when they are needed, from the vectors of {@code
 * leasehold.shared} and from the testkit's forgers.
 */
@NullMarked
package dev.leasehold.fuzz;

import org.jspecify.annotations.NullMarked;
