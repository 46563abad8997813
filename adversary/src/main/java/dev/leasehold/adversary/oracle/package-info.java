/** What must hold after every step, whatever the host did (abuse catalogue, "Common oracle"). */
@NullMarked
package dev.leasehold.adversary.oracle;

import org.jspecify.annotations.NullMarked;
