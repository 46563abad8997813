/** Getting a report about this program from the hardware it runs on (protocol §6.2). */
@NullMarked
package dev.leasehold.enclave.attest;

import org.jspecify.annotations.NullMarked;
