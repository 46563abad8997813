/** SPDM measurement reports of NVIDIA GPUs, and the reference values they are compared with. */
@NullMarked
package dev.leasehold.core.evidence.nvidia;

import org.jspecify.annotations.NullMarked;
