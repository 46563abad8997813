/** Whole lives of an enclave against a scripted relay. */
@NullMarked
package dev.leasehold.enclave.life;

import org.jspecify.annotations.NullMarked;
