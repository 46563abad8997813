/** The build tool that lays out the enclave program directory and checks it against TCB.txt. */
@NullMarked
package dev.leasehold.assembly;

import org.jspecify.annotations.NullMarked;
