/** One life of an enclave from its start to its final statement (protocol §9.1). */
@NullMarked
package dev.leasehold.enclave.life;

import org.jspecify.annotations.NullMarked;
