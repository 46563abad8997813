/**
 * What an inference engine is: it takes a permit for every step, and holds the weights in memory
 * that can be overwritten.
 */
@NullMarked
package dev.leasehold.enclave.model.engine;

import org.jspecify.annotations.NullMarked;
