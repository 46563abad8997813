/** ONNX Runtime behind the {@link dev.leasehold.enclave.model.engine.TensorEngine} interface. */
@NullMarked
package dev.leasehold.enclave.model.onnx;

import org.jspecify.annotations.NullMarked;
