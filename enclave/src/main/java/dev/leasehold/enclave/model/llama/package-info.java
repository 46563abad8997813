/**
 * llama.cpp behind the {@link dev.leasehold.enclave.model.engine.LlmEngine} interface, bound with
 * java.lang.foreign.
 */
@NullMarked
package dev.leasehold.enclave.model.llama;

import org.jspecify.annotations.NullMarked;
