/** Sealing to a public key: HPKE base mode with X-Wing (protocol §5). */
@NullMarked
package dev.leasehold.core.hpke;

import org.jspecify.annotations.NullMarked;
