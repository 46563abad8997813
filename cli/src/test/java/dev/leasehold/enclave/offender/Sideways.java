package dev.leasehold.enclave.offender;

import dev.leasehold.cli.Leasehold;

/** An enclave that knows more than core. */
record Sideways(Leasehold beside) {}
