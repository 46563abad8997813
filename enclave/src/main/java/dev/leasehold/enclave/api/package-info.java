/** What consumers reach of an enclave: sealed requests in, framed and receipted answers out. */
@NullMarked
package dev.leasehold.enclave.api;

import org.jspecify.annotations.NullMarked;
